"""The whole emulator: an account, its doors, and what may go wrong."""

import random
from collections import Counter, deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from beacon_gateway.simulator.wechat import server
from beacon_gateway.simulator.wechat.cgi_bin import CgiBin
from beacon_gateway.simulator.wechat.delivery import DeliveryResult, EventPusher
from beacon_gateway.simulator.wechat.endpoints.table import shakearound
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.events import CallbackTarget, shake_event
from beacon_gateway.simulator.wechat.faults import FaultQueue
from beacon_gateway.simulator.wechat.quota import EmulatedQuota
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.records import ShakeResult
from beacon_gateway.simulator.wechat.tokens import Tokens

_OPEN_TO_ALL = frozenset({"/shakearound/account/register", "/shakearound/account/auditstatus"})


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call that arrived. `errcode` is what was decided, even if the answer was lost; None if nothing was."""

    path: str
    errcode: int | None
    when: float


class Emulator:
    """`clock` gives unix seconds and `rng` all chance: the same two give the same answers."""

    def __init__(self, settings: EmulatorSettings, *, clock: Callable[[], float], rng: random.Random) -> None:
        self.settings = settings
        self.faults = FaultQueue()
        self.calls: deque[RecordedCall] = deque(maxlen=settings.calls_kept)
        self._counts: Counter[str] = Counter()
        self._now = clock
        # Streams of their own, so that the number of calls does not change which page a shake shows.
        self._rid_rng, token_rng, nonce_rng = (random.Random(rng.random()) for _ in range(3))
        self.account = EmulatedAccount(settings, clock, rng)
        self.quota = EmulatedQuota(settings.daily_limits, settings.minute_limits)
        self.tokens = Tokens(token_rng)
        self.courier = EventPusher(settings.appid, clock, nonce_rng, answer_within=settings.answer_within)
        cgi_bin = CgiBin(settings, clock, self.tokens, self.quota)
        self._endpoints = {**shakearound(self.account), **cgi_bin.endpoints()}

    def count(self, path: str) -> int:
        """How many calls of a path have arrived in all, failed ones included."""
        return self._counts[path]

    def record(self, path: str, errcode: int | None) -> None:
        self._counts[path] += 1
        self.calls.append(RecordedCall(path, errcode, self._now()))

    def answer(self, request: ApiRequest) -> Reply:
        """Check verb, token, quota and the account's standing, then act. Raises `EmulatedError`."""
        endpoint = self._endpoints.get(request.path)
        if endpoint is None:
            raise EmulatedError(40066)
        if request.method not in endpoint.verbs:
            raise EmulatedError(43001 if "GET" in endpoint.verbs else 43002)
        if endpoint.wants_token:
            self.tokens.check(request.query.get("access_token", ""), self._now())
        self.quota.spend(request.path, self._now())
        if request.path.startswith("/shakearound/"):
            self._check_standing(request.path)
            self.account.settle()
        return endpoint.answer(request)

    def picture(self, path: str) -> bytes | None:
        """An uploaded icon, as the picture host gives it to everybody."""
        return self.account.materials.picture(path)

    def counts(self) -> dict[str, int]:
        """How many calls of each path have arrived."""
        return dict(self._counts)

    def suffix(self) -> str:
        """What the server appends to the text of an error, fresh each time."""
        noise = self._rid_rng.getrandbits(64)
        match self.settings.errmsg_suffix:
            case "rid":
                return f" rid: {int(self._now()):08x}-{noise >> 32:08x}-{noise & 0xFFFFFFFF:08x}"
            case "hint":
                return f" hint: [{noise:016x}]"
            case "none":
                return ""

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> AbstractAsyncContextManager[str]:
        """Answer over HTTP while the block runs; it yields the base URL. Port 0 takes a free one, else OSError."""
        return server.running(self, host, port)

    async def push(self, shake: ShakeResult, callback: CallbackTarget) -> DeliveryResult | None:
        """Tell the merchant of a shake; None when the phone showed a list and there is nothing to tell."""
        event = shake_event(shake, self.account)
        return None if event is None else await self.courier.deliver(event, callback)

    def _check_standing(self, path: str) -> None:
        if self.settings.recalled is not None:
            raise EmulatedError(self.settings.recalled)
        if not self.account.registration.enabled and path not in _OPEN_TO_ALL:
            raise EmulatedError(9001020)
