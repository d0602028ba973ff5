"""Send answers out over UDP and by raw packets.

says: udp PermissionError; six PermissionError; raw PermissionError; packet PermissionError; netlink PermissionError
still: secrets
"""
import socket
tell(
    udp=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"answers", ("127.0.0.1", 53)),
    six=lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    raw=lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
    packet=lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    netlink=lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
)
