"""Compute a number that no memory holds and no life is long enough for.

says: CellTimeoutError|timeout
still: others
"""
power = 9**9**9
