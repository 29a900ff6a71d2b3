"""The link that `login` prints: good once and for ten minutes, known to the daemon by its digest only."""

import hmac
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.adapters.files.replacing import swap_in

FILE: Final = "login-link"
LOGIN_LINK_VALID_S: Final = 600.0
MAX_LOGIN_LINK_BYTES: Final = 200


class LoginLinkFile:
    """One link at a time, in the runtime folder: that is memory, and gone with the boot whose clock it is timed by."""

    def __init__(self, runtime: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` must be one clock for all processes of this boot."""
        self._path, self._monotonic = runtime / FILE, monotonic

    def make(self) -> str:
        """Return a new secret; the one before it is worth nothing from now on. Raise OSError."""
        secret = secrets.token_urlsafe(32)
        swap_in(self._path, f"{_digest(secret)} {self._monotonic():.3f}\n".encode())
        return secret

    def redeem(self, secret: str) -> bool:
        """Return True if this is the secret, made no longer ago than it is valid, and not redeemed before."""
        try:
            content, _ = read_limited(self._path, MAX_LOGIN_LINK_BYTES)
            digest, made = content.decode("ascii").split()
            age_s = self._monotonic() - float(made)
        except (OSError, ValueError):
            return False
        if not (hmac.compare_digest(digest, _digest(secret)) and 0 <= age_s <= LOGIN_LINK_VALID_S):
            return False
        try:
            self._path.unlink()  # of two who come at once, one is late
        except OSError:
            return False
        return True


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
