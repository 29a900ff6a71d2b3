"""Wires what receives WeChat's shake events; loaded only where they are received."""

from collections.abc import Awaitable, Callable

from beacon_gateway.adapters.secrets.callback_secrets import CallbackSecrets
from beacon_gateway.adapters.secrets.daily_key_file import DailyKeyFile
from beacon_gateway.adapters.wechat.callback.callback_server import CallbackServer
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.settings import EventSettings, Settings
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.wechat.shake_receiver import ShakeReceiver
from beacon_gateway.services.wechat.shakes import Shakes


def receive(
    settings: Settings,
    appid: str,
    events: EventSettings,
    secrets: Callable[[], Awaitable[CallbackSecrets]],
    *,
    journal: Journal,
    clock: Clock,
) -> tuple[Shakes, ShakeReceiver]:
    """Make what counts shakes, and the door at which WeChat reports them, once the secrets can be read."""
    shakes = Shakes(
        gateway=settings.gateway,
        zone=settings.timezone,
        keys=DailyKeyFile(settings.runtime),
        note=journal.shake,
        clock=clock,
    )

    async def door() -> CallbackServer:
        known = await secrets()
        return CallbackServer(
            host=events.listen.host,
            port=events.listen.port,
            path=events.path,
            appid=appid,
            token=known.token,
            aes_key=known.aes_key,
            take=shakes.take,
            clock=clock,
        )

    return shakes, ShakeReceiver(door, shakes, address=str(events.listen))
