"""What WeChat's staff, or its machine, say about an application: for the service itself, and for devices."""

from dataclasses import dataclass
from enum import IntEnum

from beacon_gateway.adapters.wechat.transport.answers import Row, number, text
from beacon_gateway.core.bindings.target import TryLater


class ReviewVerdict(IntEnum):
    """WeChat's numbers for how a review stands."""

    REJECTED = 0
    PENDING = 1
    APPROVED = 2


@dataclass(frozen=True, slots=True)
class Review:
    verdict: ReviewVerdict
    comment: str


def read_review(data: Row) -> Review:
    try:
        verdict = ReviewVerdict(number(data, "audit_status"))
    except ValueError as error:
        raise TryLater("an answer with a review that is neither pending nor decided") from error
    return Review(verdict, text(data, "audit_comment"))
