"""Use up the file system's entries with small files and folders.

says: disk
still: others, files
"""
import os, time
for number in range(20_000):
    os.mkdir(f"d{number}")
    open(f"d{number}/f", "w").close()
    if number % 500 == 0:
        time.sleep(0.05)
time.sleep(1)
