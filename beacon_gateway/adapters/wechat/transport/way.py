"""How a request of aiohttp's goes to an address: directly, or through a proxy."""

import base64
from collections.abc import Mapping
from typing import Any

from beacon_gateway.core.wechat.proxy import Proxy, proxy_for


def way_to(address: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of a request for its proxy; none where it goes directly. Raises UnusableProxy."""
    proxy = proxy_for(address, environment)
    if proxy is None:
        return {}
    if not (proxy.user or proxy.password):
        return {"proxy": f"http://{proxy}"}
    # With https the proxy is told when the tunnel is asked for, else with each request.
    name = "proxy_headers" if address.startswith("https:") else "headers"
    return {"proxy": f"http://{proxy}", name: {"Proxy-Authorization": _basic(proxy)}}


def _basic(proxy: Proxy) -> str:
    return "Basic " + base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
