"""Catch every exception, the time-out's too, and run on.

says: timeout
still: others, processes
"""
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
