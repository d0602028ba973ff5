"""Fill the disk with files that have no name any more.

says: disk|OSError
still: others, files
"""
import os, time
kept = []
for number in range(20):
    file = open("filler", "wb")
    os.unlink("filler")
    file.write(b"x" * (30 << 20))
    file.flush()
    kept.append(file)
    time.sleep(0.05)
time.sleep(1)
