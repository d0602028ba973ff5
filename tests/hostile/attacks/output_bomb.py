"""Print without end, and go on when told to stop.

says: output
still: others
"""
import sys
while True:
    try:
        print("x" * 10**6)
        sys.stderr.write("y" * 10**6)
        display("z" * 10**6)
    except BaseException:
        pass
