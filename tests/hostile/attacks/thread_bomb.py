"""Start threads without end.

says: threads
still: others, processes
"""
import threading, time
while True:
    try:
        threading.Thread(target=time.sleep, args=(60,)).start()
    except (RuntimeError, MemoryError):
        time.sleep(0.1)
