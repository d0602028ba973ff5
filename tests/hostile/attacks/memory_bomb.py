"""Take all memory there is, by numpy, by mapping and by objects.

says: arrays MemoryError; mapped (MemoryError|OSError|ValueError); objects MemoryError
still: others
"""
import mmap

def objects():
    kept = []
    while True:
        kept.append(bytes(2**28))

def mapped():
    kept = [mmap.mmap(-1, 1 << 30) for _ in range(8)]
    for each in kept:
        each[:4096] = b"x" * 4096

tell(arrays=lambda: np.ones(10**9).sum(), mapped=mapped, objects=objects)
