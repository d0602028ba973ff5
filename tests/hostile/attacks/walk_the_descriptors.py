"""Read from and write to every descriptor that was left open, and open them anew by their names.

says: read 0; other writable 0; reopened 0
still: secrets, others
"""
import asyncio, os
loop = asyncio.get_event_loop()
own = {loop._ssock.fileno(), loop._csock.fileno(), loop._selector.fileno()}  # the notebook wakes itself through these
read = writable = reopened = 0
for number in set(range(256)) - own:
    try:
        os.set_blocking(number, False)
        read += bool(os.read(number, 1))
    except OSError:
        pass
    try:
        if number > 3:  # before: nothing three times, and the report that nobody trusts
            writable += bool(os.write(number, b"crm-was-here"))
    except OSError:
        pass
    try:
        with open(f"/proc/self/fd/{number}", "rb") as file:
            reopened += bool(file.read(1))
    except OSError:
        pass
crossing = f"read {read}; other writable {writable}; reopened {reopened}"
