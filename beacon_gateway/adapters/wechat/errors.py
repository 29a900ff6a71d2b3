"""What WeChat's error codes mean for the caller."""

from typing import Final

from wechatpy.exceptions import WeChatClientException

from beacon_gateway.core.target import NeedsOperator, Refused, TargetError, TryLater

TOKEN_REJECTED: Final = frozenset({40001, 40014, 42001})
"""The access token is not (or no longer) valid: fetch another, once."""

_PASSING: Final = frozenset({-1, 45009, 45011, 9001002, 9001004, 9001005, 9001006, 9001010, 9001049, 9001057})
"""System busy, daily or minute quota, remote service unavailable."""

_FOR_A_PERSON: Final = frozenset(
    {
        *TOKEN_REJECTED,
        40013,  # appid
        40125,  # secret
        40164,  # our IP is not on the account's list
        40243,  # secret frozen
        48001,  # no right to this API: what a recalled account answers
        48004,  # API banned
        50002,  # account limited
        50004,
        50007,
        61024,
        *range(89501, 89508),  # an administrator must confirm our IP
        9001020,  # Shake Nearby is not open for this account
        9001046,  # account not verified
    }
)


def as_target_error(path: str, errcode: int, errmsg: str) -> TargetError:
    """Give the exception for an answer with an errcode, to be raised; wechatpy's own is its cause."""
    kind: type[TargetError] = Refused
    if errcode in _PASSING:
        kind = TryLater
    elif errcode in _FOR_A_PERSON:
        kind = NeedsOperator
    error = kind(f"{path}: {errcode} {errmsg}", code=str(errcode))
    error.__cause__ = WeChatClientException(errcode, errmsg)
    return error
