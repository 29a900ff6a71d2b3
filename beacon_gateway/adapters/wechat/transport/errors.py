"""What WeChat's error codes mean for the caller."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from beacon_gateway.core.bindings.target import (
    HALF_AN_HOUR,
    NeedsOperator,
    Outdated,
    Refused,
    TargetError,
    TryLater,
    Unreachable,
)

TOKEN_REJECTED: Final = frozenset({40001, 40014, 42001})
"""The access token is not (or no longer) valid: fetch another, once."""
DAY_QUOTA: Final = 45009
MINUTE_QUOTA: Final = 45011

MAX_ERRMSG_CHARACTERS: Final = 300
"""Characters of an errmsg that are kept."""


class TransientError(TryLater):
    """A trouble that may be over in a second: what only reads can be repeated at once."""


class NoConnection(TransientError, Unreachable):  # noqa: N818 - what happened
    """The connection could not be made, or was cut off."""


_HICCUPS: Final = frozenset(
    {
        -1,  # system busy
        9001002,  # remote service unavailable
        9001004,
        9001005,
        9001006,
        9001010,
        9001049,
        9001057,
        *(9001060, 9001061, 9001062, 9001069, 9001070, 9001071, 9001074, 9001076, 9001078),  # red packets
    }
)

NO_SUCH_DEVICE: Final = 9001025
NO_SUCH_PAGE: Final = 9001026

_SOON: Final = timedelta(minutes=10)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

_FOR_A_PERSON: Final[Mapping[int, timedelta]] = {
    **dict.fromkeys(TOKEN_REJECTED, HALF_AN_HOUR),
    40013: HALF_AN_HOUR,  # appid
    40125: HALF_AN_HOUR,  # secret
    40164: _SOON,  # our IP is not on the account's list
    40243: HALF_AN_HOUR,  # secret frozen
    45035: _SOON,  # an IP list too
    48001: _DAY,  # no right to this API: what a recalled account answers
    48004: _DAY,  # API banned
    50002: _DAY,  # account limited
    50004: _DAY,
    50007: _DAY,
    61003: HALF_AN_HOUR,  # a third-party platform lacks the authorisation
    61004: HALF_AN_HOUR,
    61007: HALF_AN_HOUR,
    61024: HALF_AN_HOUR,
    **dict.fromkeys(range(89501, 89506), _SOON),  # an administrator must confirm our IP
    89506: _DAY,  # the administrator said no
    89507: _HOUR,
    9001020: _DAY,  # Shake Nearby is not open for this account
    9001046: HALF_AN_HOUR,  # account not verified
}
"""And how long to leave WeChat alone before looking whether somebody acted."""


def as_target_error(path: str, errcode: int, errmsg: str) -> TargetError:
    """Return the exception for an answer with an errcode, to be raised.

    It is not made of wechatpy's: importing that takes 14 MB, for a class with the same code and text.
    The two quotas are not among them: what they mean depends on the time.
    """
    message, code = f"{path}: {errcode} {plain(errmsg)}", str(errcode)
    if errcode in _HICCUPS:
        return TransientError(message, code)
    if look_again := _FOR_A_PERSON.get(errcode):
        return NeedsOperator(message, code, look_again=look_again)
    if errcode in {NO_SUCH_DEVICE, NO_SUCH_PAGE}:
        return Outdated(message, code)
    return Refused(message, code)


def plain(errmsg: str) -> str:
    """Return WeChat's text with nothing in it that a terminal would obey, and not too much of it."""
    return "".join(character if character.isprintable() else " " for character in errmsg[:MAX_ERRMSG_CHARACTERS])
