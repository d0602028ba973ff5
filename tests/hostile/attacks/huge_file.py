"""Make one file larger than any disk, by writing and by its mere length.

says: written OSError; stretched OSError; reserved OSError
still: others, files
"""
import os

def written():
    with open("large", "wb") as file:
        for _ in range(40):
            file.write(b"x" * 2**20)

def stretched():
    with open("hole", "wb") as file:
        file.truncate(2**40)

def reserved():
    with open("reserved", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 2**40)

tell(written=written, stretched=stretched, reserved=reserved)
