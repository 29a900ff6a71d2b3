"""Whether another program listens at an address."""

import errno
import socket

from beacon_gateway.core.model.settings import Address


def is_taken(address: Address) -> bool:
    """Return whether a server could not listen there because another one does; False where that is not known."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what is left of ended connections does not count
        try:
            door.bind((address.host, address.port))
            door.listen(1)
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
