"""Whether WeChat is asked through a proxy: by the service, and by commands that are typed here."""

from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.doctor.finding import Finding, fail, ok, warn

EDIT: Final = "sudo systemctl edit beacon-gateway"


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """How one process goes to WeChat."""

    proxy: str = ""
    """Host and port; "" where it goes directly."""
    unusable: str = ""
    """The variable that names no proxy of a form that can be used; "" where none does."""


@dataclass(frozen=True, slots=True)
class ProxyRoutes:
    here: ProxyRoute
    """Of commands that are typed in this terminal, `doctor` too."""
    service: ProxyRoute | None
    """None where the service does not run, or only root may see its environment."""


def judge_proxy(ways: ProxyRoutes) -> Finding:
    for way in (ways.service, ways.here):
        if way and way.unusable:
            return fail("proxy", "unusable", EDIT if way is ways.service else "", variable=way.unusable)
    if ways.service is None or ways.service == ways.here:
        return ok("proxy", "through", proxy=ways.here.proxy) if ways.here.proxy else ok("proxy", "none")
    if not ways.service.proxy:
        return warn("proxy", "only-here", EDIT, proxy=ways.here.proxy)
    if not ways.here.proxy:
        return ok("proxy", "only-service", proxy=ways.service.proxy)
    return warn("proxy", "another", EDIT, proxy=ways.service.proxy, here=ways.here.proxy)
