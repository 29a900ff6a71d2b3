"""Passwords of the web pages: how one is kept, and what will do as one."""

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final, Self

MIN_PASSWORD_CHARACTERS: Final = 10
MAX_PASSWORD_CHARACTERS: Final = 200
"""Characters."""
SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_LOG_N, _R, _P = 14, 8, 5
"""OWASP's Password Storage Cheat Sheet gives N=2^14, r=8, p=5 as its equal of N=2^17, r=8, p=1 with an eighth of the
memory: 16 MB, which a Pi can spare for a moment."""
_LOG_NS: Final = range(10, 17)
_RS: Final = range(1, 17)
_PS: Final = range(1, 17)
_MAX_MEMORY_BYTES: Final = 32 << 20
"""Bytes that a hash may ask for; a line of a file must not take the memory of the daemon."""
_FORM: Final = re.compile(
    r"\$scrypt\$ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})"
)


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What is kept instead of a password (scrypt, RFC 7914)."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    log_n: int = _LOG_N
    r: int = _R
    p: int = _P

    @classmethod
    def of(cls, password: str, salt: bytes) -> Self:
        """Make it. Takes 16 MB, and a good part of a second on a Pi."""
        return cls(salt, _scrypt(password, salt, (_LOG_N, _R, _P), _HASH_BYTES))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the form that `str` gives. Raises ValueError, whose text does not hold it."""
        parts = _FORM.fullmatch(text)
        if not parts:
            raise ValueError("no hash")
        log_n, r, p = (int(part) for part in parts.groups()[:3])
        if log_n not in _LOG_NS or r not in _RS or p not in _PS or 128 * r * (1 << log_n) > _MAX_MEMORY_BYTES:
            raise ValueError("a hash that asks too much, or too little")
        return cls(_decoded(parts[4]), _decoded(parts[5]), log_n, r, p)

    def is_of(self, password: str) -> bool:
        """True if that is the password; as costly as `of`."""
        return hmac.compare_digest(self.digest_of(password), self.digest)

    def digest_of(self, password: str) -> bytes:
        """Return what the digest would be if that were the password."""
        return _scrypt(password, self.salt, (self.log_n, self.r, self.p), len(self.digest))

    def __str__(self) -> str:
        """Return it as people write hashes down: a PHC string."""
        return f"$scrypt$ln={self.log_n},r={self.r},p={self.p}${_encoded(self.salt)}${_encoded(self.digest)}"


def fault_of(password: str, name: str) -> str:
    """Return the phrase that says why this will not do for the account of that name; "" if it will."""
    plain = normal(password)
    if len(plain) < MIN_PASSWORD_CHARACTERS:
        return "password.short"
    if len(plain) > MAX_PASSWORD_CHARACTERS:
        return "password.long"
    if not plain.isprintable():
        return "password.control"
    if plain.casefold() == normal(name).casefold() or len(set(plain)) == 1:
        return "password.easy"
    return ""


def normal(text: str) -> str:
    """Return the one form of what may be typed in several: an input method for Chinese makes full-width letters too."""
    return unicodedata.normalize("NFKC", text)


def _scrypt(password: str, salt: bytes, costs: tuple[int, int, int], length: int) -> bytes:
    log_n, r, p = costs
    return hashlib.scrypt(
        normal(password).encode("utf-8", "surrogatepass"),
        salt=salt,
        n=1 << log_n,
        r=r,
        p=p,
        maxmem=_MAX_MEMORY_BYTES + (1 << 20),
        dklen=length,
    )


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
