"""Fetches the pictures behind `pic_url` addresses. They are public: no token is sent, and none is in reach."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from typing import Final

import aiohttp

from beacon_gateway.adapters.wechat.transport.way import way_to
from beacon_gateway.core.files.icon_image import format_of
from beacon_gateway.core.files.outline import OutlinedIcon
from beacon_gateway.core.wechat.proxy import UnusableProxy

MAX_DOWNLOADS: Final = 5
FETCH_TIMEOUT_S: Final = 10.0
"""For one icon."""
ALL_ICONS_TIMEOUT_S: Final = 120.0
"""For all of them: an address that does not answer must not cost ten seconds a page."""
MAX_DOWNLOADED_ICON_BYTES: Final = 1 << 20
"""Bytes: the largest that the files' reader takes."""


async def download_icons(
    addresses: Iterable[str], *, all_seconds: float = ALL_ICONS_TIMEOUT_S, environment: Mapping[str, str] = os.environ
) -> Mapping[str, OutlinedIcon | str]:
    """Fetch each once; return the icon or why there is none. Never raises for what an address leads to."""
    wanted = dict.fromkeys(addresses)
    room = asyncio.Semaphore(MAX_DOWNLOADS)
    found: dict[str, OutlinedIcon | str] = dict.fromkeys(wanted, "no time left for it")

    async def fetch(session: aiohttp.ClientSession, address: str) -> None:
        async with room:
            found[address] = await _fetch(session, address, environment)

    timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        try:
            async with asyncio.timeout(all_seconds), asyncio.TaskGroup() as tasks:
                for address in wanted:
                    tasks.create_task(fetch(session, address))
        except TimeoutError:
            pass
    return found


async def _fetch(session: aiohttp.ClientSession, address: str, environment: Mapping[str, str]) -> OutlinedIcon | str:
    if not address.startswith(("http://", "https://")):
        return "not an http address"
    try:
        # No redirects: a picture host that sends us elsewhere is not asked for a picture any more.
        async with session.get(address, allow_redirects=False, **way_to(address, environment)) as response:
            if response.status != 200:  # noqa: PLR2004 - the one that comes with a picture
                return f"HTTP {response.status}"
            content = bytearray()
            async for chunk in response.content.iter_chunked(1 << 16):
                content += chunk
                if len(content) > MAX_DOWNLOADED_ICON_BYTES:
                    return f"larger than {MAX_DOWNLOADED_ICON_BYTES:,} bytes"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, UnusableProxy) as error:
        return type(error).__name__
    kind = format_of(bytes(content))
    return OutlinedIcon(bytes(content), kind) if kind else "not a jpg, png or gif"
