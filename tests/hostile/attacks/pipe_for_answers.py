"""Put a pipe, a device or a socket where marking will read the answers, so that it waits for ever.

says: pipe PermissionError; device PermissionError; socket PermissionError
still: class, files
"""
import os, socket, stat
tell(
    pipe=lambda: os.mkfifo("answers.jsonl"),
    device=lambda: os.mknod("answers.jsonl", 0o600 | stat.S_IFCHR, os.makedev(1, 5)),
    socket=lambda: socket.socket(socket.AF_UNIX).bind("answers.jsonl"),
)
