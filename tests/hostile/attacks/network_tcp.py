"""Send answers out over TCP, or listen for them.

says: connect PermissionError; name (gaierror|PermissionError|OSError); listen PermissionError; six PermissionError; page (URLError|PermissionError)
still: secrets
"""
import socket, urllib.request
tell(
    connect=lambda: socket.create_connection(("127.0.0.1", 22), 1),
    name=lambda: socket.getaddrinfo("localhost.invalid", 80),
    listen=lambda: socket.create_server(("127.0.0.1", 0)),
    six=lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
    page=lambda: urllib.request.urlopen("http://127.0.0.1:8888/", timeout=1),
)
