"""Fork, and fork in the forks.

says: forks 0
still: processes, others
"""
import os, time
forks = 0
for _ in range(50):
    try:
        if os.fork() == 0:
            time.sleep(10)
            os._exit(0)
        forks += 1
    except OSError:
        pass
crossing = f"forks {forks}"
