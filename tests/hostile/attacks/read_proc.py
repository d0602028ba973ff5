"""Look around in /proc: who runs, with which words, in which environment, in which folder.

says: processes refused; words refused; environment refused; folder refused; root refused
still: secrets
"""
import os
parent = os.getppid()
tell(
    processes=lambda: os.listdir("/proc"),
    words=lambda: open(f"/proc/{parent}/cmdline").read(),
    environment=lambda: open(f"/proc/{parent}/environ").read(),
    folder=lambda: os.listdir(f"/proc/{parent}/cwd"),
    root=lambda: os.listdir(os.path.join("/proc/self/root", "etc")),
    tasks=lambda: os.listdir(f"/proc/{parent}/task"),
    mounts=lambda: open("/proc/self/mounts").read(),
)
