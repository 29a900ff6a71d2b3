"""Writes a bundle: whole or not at all, over nothing, for its owner only, and without a secret in it."""

import errno
import gzip
import io
import os
import tarfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from beacon_gateway.core.support.secret_values import SecretValues

_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What a file system without hard links answers, a USB stick's for example."""


class SecretFound(Exception):  # noqa: N818 - a state, told to the operator
    """A secret is in the finished bundle; the text is the name of the member."""


class Archive:
    """A new .tar.gz. Use as a context manager; unless `put_in_place` was reached, nothing is left behind."""

    def __init__(self, path: Path) -> None:
        """`path` is where it will be; nothing may be there."""
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        """Begin the file beside the place where it will be. Raises OSError."""
        if os.path.lexists(self._path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self._path))
        os.close(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def write(self, folder: str, members: Mapping[str, str], at: datetime) -> None:
        """Write the members' texts below one folder; nobody's name and no other time is in it. Raises OSError."""
        stamp = int(at.timestamp())
        with (
            self._part.open("r+b") as file,
            gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=stamp) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for name, text in members.items():
                content = text.encode("utf-8", errors="replace")
                member = tarfile.TarInfo(f"{folder}/{name}")
                member.size, member.mtime, member.mode = len(content), stamp, 0o600
                archive.addfile(member, io.BytesIO(content))

    def put_in_place(self, secrets: SecretValues, owner: Sequence[int] | None = None) -> int:
        """Read all of it once more; if no secret is in it, give it its name. Return its size in bytes.

        `owner` is a user and a group to whom it is handed over. Raises SecretFound, OSError.
        """
        self._search(secrets)
        with self._part.open("rb") as file:
            if owner:
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), 0o600)
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        try:
            os.link(self._part, self._path, follow_symlinks=False)  # unlike a rename, over nothing
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            self._rename()
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return size

    def _rename(self) -> None:
        """Take the name first, so that the rename is over a file of our own."""
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        self._part.replace(self._path)

    def _search(self, secrets: SecretValues) -> None:
        with tarfile.open(self._part, mode="r:gz") as archive:
            for number, member in enumerate(archive):
                file = archive.extractfile(member)
                content = file.read() if file else b""
                if secrets.are_in(content):
                    raise SecretFound(secrets.remove(member.name))
                if secrets.are_in(f"{member.name} {member.linkname} {member.pax_headers}".encode()):
                    raise SecretFound(f"member {number + 1}")
