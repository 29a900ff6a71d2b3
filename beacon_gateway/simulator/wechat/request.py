"""A call as the rules see it, after HTTP and before JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from beacon_gateway.simulator.wechat.fields import RequestFields

Reply = dict[str, object]
"""An answer's JSON object without `errcode` and `errmsg`."""


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """`form` and `media` are those of a multipart body; `media` is None when no file was sent."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    form: Mapping[str, str] = field(default_factory=dict)
    media: bytes | None = None
    caller: str = "127.0.0.1"

    def fields(self) -> RequestFields:
        """The JSON body. Raises 44002 and 47001."""
        return RequestFields.parse(self.body)


class Endpoint(NamedTuple):
    """What answers a path: the verbs it takes, whether it wants a token, and the deed."""

    answer: Callable[[ApiRequest], Reply]
    verbs: tuple[str, ...] = ("POST",)
    wants_token: bool = True
