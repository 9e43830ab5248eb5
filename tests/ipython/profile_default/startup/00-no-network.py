"""Runs first in every kernel of a test: whatever reaches beyond this machine fails."""


def _keep_off_the_network() -> None:
    import ipaddress
    import socket
    import sys

    def local(host: object) -> bool:
        if isinstance(host, bytes):
            host = host.decode("ascii", errors="replace")
        name = str(host or "localhost").lower().partition("%")[0]
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return name == "localhost" or name.endswith(".localhost")

    def refuse_beyond_loopback(event: str, args: tuple) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            endpoint, address = args[:2]
            if endpoint.family not in (socket.AF_INET, socket.AF_INET6) or address is None:
                return
            host = address[0]
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = args[0]
        else:
            return
        if not local(host):
            raise RuntimeError(f"The kit's notebooks run without a network: {host} is not reached.")

    # An audit hook sees every way to a socket, whichever library takes it, and cannot be undone.
    sys.addaudithook(refuse_beyond_loopback)


_keep_off_the_network()
del _keep_off_the_network  # leave the notebook's names alone
