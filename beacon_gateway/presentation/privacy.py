"""What is stored, since when and for how long."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.model.settings import RETAIN_SHAKES_S, Language, Settings
from beacon_gateway.core.sentences.messages import say

DAY_SECONDS: Final = 86_400
FOR_GOOD: Final = frozenset({"sums", "figures", "audit"})


def privacy_lines(holdings: Sequence[Holding], settings: Settings, now: datetime, language: Language) -> Iterator[str]:
    at = f"{now.astimezone(settings.timezone):%Y-%m-%d %H:%M}"
    yield say("privacy.title", language, gateway=settings.gateway, now=at)
    if not holdings:
        yield say("privacy.nothing", language)
    for holding in holdings:
        yield say("privacy.line", language, **holding_words(holding, settings, language))
    yield say("privacy.never", language)
    events = settings.wechat.events if settings.wechat else None
    if events or any(holding.kind == "shakes" and holding.rows for holding in holdings):
        yield say("privacy.code", language)
    yield say("privacy.basis", language, basis=events.basis) if events else say("privacy.no-shakes", language)
    yield say("privacy.few", language)
    yield say("privacy.where", language, folder=settings.state)


def holding_words(holding: Holding, settings: Settings, language: Language) -> Mapping[str, str]:
    """Return `what` is held, how many `rows`, `since` when and for how long it is `kept`."""
    return {
        "what": say(f"privacy.{holding.kind}", language),
        "rows": f"{holding.rows:,}",
        "since": _since(holding, settings, language),
        "kept": _kept(holding, settings, language),
    }


def privacy_json(holdings: Sequence[Holding], settings: Settings, now: datetime) -> Mapping[str, Any]:
    events = settings.wechat.events if settings.wechat else None
    return {
        "gateway": settings.gateway,
        "at": now.isoformat(),
        "stored": [
            {
                "what": holding.kind,
                "rows": holding.rows,
                "since": holding.since.isoformat() if holding.since else None,
                "retain_days": None if holding.kind in FOR_GOOD else _retained(holding, settings) // DAY_SECONDS,
            }
            for holding in holdings
        ],
        "never_stored": ["openid", "mac_address_of_a_phone"],
        "shakes_received": events is not None,
        "basis": events.basis if events else None,
        "folder": str(settings.state),
    }


def _since(holding: Holding, settings: Settings, language: Language) -> str:
    if not holding.rows:
        return say("privacy.none", language)
    if holding.since is None:
        return say("privacy.since-unknown", language)
    return say("privacy.since", language, date=f"{holding.since.astimezone(settings.timezone):%Y-%m-%d}")


def _kept(holding: Holding, settings: Settings, language: Language) -> str:
    if holding.kind in FOR_GOOD:
        return say("privacy.kept", language)
    return say("privacy.kept-days", language, days=f"{_retained(holding, settings) / DAY_SECONDS:g}")


def _retained(holding: Holding, settings: Settings) -> float:
    if holding.kind == "shakes":
        return settings.wechat.events.retain if settings.wechat and settings.wechat.events else RETAIN_SHAKES_S
    return settings.hits.retain
