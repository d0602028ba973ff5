"""Meet another notebook at a socket that has a name in the file system.

says: stream PermissionError; datagram PermissionError; pair PermissionError; through refused
still: secrets
"""
import socket

def through():
    ours, _ = socket.socketpair()
    ours.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, b"\3\0\0\0")])

tell(
    stream=lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).bind("meet"),
    datagram=lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", "/dev/log"),
    pair=lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "/dev/log"),
    through=through,
)
