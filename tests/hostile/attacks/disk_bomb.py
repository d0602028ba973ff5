"""Fill the disk with large files.

says: disk|OSError
still: others, files
"""
import time
for number in range(20):
    with open(f"filler-{number}", "wb") as file:
        for _ in range(30):
            file.write(b"x" * 2**20)
            file.flush()
time.sleep(1)
