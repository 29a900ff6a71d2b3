"""Why a file or folder that people own cannot be read: the kernel's errors by what a person does about them."""

import errno
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from beacon_gateway.core.model.problems import Problem


class UnreadableCause(StrEnum):
    """`file.` or `folder.` before it is the code of a problem."""

    AWAY = "away"
    """The server, share or stick that holds it does not answer."""
    BROKEN = "broken"
    LOOP = "loop"
    NOT_A_FOLDER = "not-a-folder"
    NOT_REGULAR = "not-regular"
    """A folder, pipe, socket or device under a file's name."""
    OUTSIDE = "outside"
    """A link leads out of the folder."""
    PERMISSION = "permission"
    TOO_MANY = "too-many"
    """A folder holds more than any store does."""
    SLOW = "slow"
    """It has not answered yet."""
    OTHER = "unreadable"


_BY_NUMBER: Final = {
    **dict.fromkeys(
        (
            *(errno.ESTALE, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.ENOTCONN),
            *(errno.ETIMEDOUT, errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.ESHUTDOWN),
            *(errno.ENODEV, errno.ENXIO, errno.ENOMEDIUM, errno.EREMOTEIO),
        ),
        UnreadableCause.AWAY,
    ),
    **dict.fromkeys((errno.EIO, errno.EUCLEAN, errno.EBADMSG), UnreadableCause.BROKEN),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.ENOKEY, errno.EKEYEXPIRED), UnreadableCause.PERMISSION),
    errno.ELOOP: UnreadableCause.LOOP,
    errno.ENOTDIR: UnreadableCause.NOT_A_FOLDER,
    errno.EISDIR: UnreadableCause.NOT_REGULAR,
    errno.EXDEV: UnreadableCause.OUTSIDE,
    errno.E2BIG: UnreadableCause.TOO_MANY,
}
MAY_PASS: Final = frozenset(
    f"{what}.{cause}"
    for what in ("file", "folder", "icon")
    for cause in (
        UnreadableCause.AWAY,
        UnreadableCause.BROKEN,
        UnreadableCause.PERMISSION,
        UnreadableCause.SLOW,
        UnreadableCause.OTHER,
    )
)
"""Codes of problems that end without an edit: a share comes back, a right is granted."""


def cause_of(error_number: int | None) -> UnreadableCause:
    """Return what an error of the kernel's means for who reads."""
    return _BY_NUMBER.get(error_number or 0, UnreadableCause.OTHER)


def may_pass(problems: Iterable[Problem]) -> bool:
    """True if one of the problems may end by itself, so that the files are worth another look as they are."""
    return any(problem.code in MAY_PASS for problem in problems)
