"""Set the clock back, also Python's own, so that no time is ever up.

says: timeout
still: others
"""
import time
refused = []
for way in (lambda: time.clock_settime(time.CLOCK_REALTIME, 0), lambda: time.clock_settime(time.CLOCK_MONOTONIC, 0)):
    try:
        way()
    except OSError as error:
        refused.append(type(error).__name__)
assert refused == ["PermissionError"] * 2 or refused[:1] == ["PermissionError"], "LOOT: the clock was set"
time.time = time.monotonic = time.perf_counter = lambda: 0.0
while True:
    try:
        time.sleep(0.01)
    except BaseException:
        pass
