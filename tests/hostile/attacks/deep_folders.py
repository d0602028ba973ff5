"""Nest folders deeper than any path can say, so that nobody can delete them.

still: others, files
"""
import os
for _ in range(900):
    os.mkdir("d" * 20)
    os.chdir("d" * 20)
crossing = "anything"
