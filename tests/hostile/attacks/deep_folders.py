"""Nest folders deeper than any path can say, so that nobody can delete them.

says: disk
still: others, files
"""
import os, time
for _ in range(900):
    os.mkdir("d" * 20)
    os.chdir("d" * 20)
time.sleep(1)
