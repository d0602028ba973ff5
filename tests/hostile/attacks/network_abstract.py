"""Meet another notebook at a socket without a file, in shared memory or in a queue.

says: abstract PermissionError; joined PermissionError; memory refused; queue OSError; semaphore refused
still: secrets, others
"""
import ctypes, multiprocessing, socket
from multiprocessing import shared_memory

def queue():
    if ctypes.CDLL(None).msgget(0x63726D, 0o1666) < 0:
        raise OSError

tell(
    abstract=lambda: socket.socket(socket.AF_UNIX).bind("\0crm"),
    joined=lambda: socket.socket(socket.AF_UNIX).connect("\0crm"),
    memory=lambda: shared_memory.SharedMemory("crm-was-here", create=True, size=64),
    queue=queue,
    semaphore=lambda: multiprocessing.get_context("fork").Semaphore(),
)
