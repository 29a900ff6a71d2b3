"""What WeChat's staff, or its machine, say about an application: for the service itself, and for devices."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from beacon_gateway.adapters.wechat.transport.answers import Row, moment, number, text
from beacon_gateway.core.bindings.target import TryLater


class Verdict(IntEnum):
    """WeChat's numbers for how a review stands."""

    REJECTED = 0
    PENDING = 1
    APPROVED = 2


@dataclass(frozen=True, slots=True)
class Review:
    verdict: Verdict
    comment: str
    applied: datetime | None
    """Aware; None where WeChat does not tell."""
    decided: datetime | None
    """None while it is pending."""


def read_review(data: Row) -> Review:
    return Review(
        verdict=read_verdict(data),
        comment=text(data, "audit_comment"),
        applied=moment(data, "apply_time"),
        decided=moment(data, "audit_time"),
    )


def read_verdict(data: Row) -> Verdict:
    try:
        return Verdict(number(data, "audit_status"))
    except ValueError as error:
        raise TryLater("an answer with a review that is neither pending nor decided") from error
