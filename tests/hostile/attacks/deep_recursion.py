"""Recurse without end, in Python and in C, after lifting the limit.

says: killed|RecursionError|MemoryError|timeout
still: others
"""
import sys
sys.setrecursionlimit(10**9)

class Turtle:
    def __repr__(self): return repr(self)
    def __hash__(self): return hash((self,))

hash(Turtle()) + len(repr(Turtle()))
