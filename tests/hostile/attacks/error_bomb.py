"""Fail with an error of a hundred million characters, and with a chain of a thousand errors.

says: output|Long
still: others
"""
class Long(Exception):
    def __str__(self): return "x" * 10**8

error = Long()
for _ in range(1000):
    following = Long()
    following.__cause__, error = error, following
raise error
