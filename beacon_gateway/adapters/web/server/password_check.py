"""Whether a password is right: asked one at a time, not too often, and in the same time for a name that nobody has."""

import asyncio
import secrets
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

import structlog
from aiohttp import web

from beacon_gateway.adapters.web.server.refusals import RequestRefused, whole_seconds
from beacon_gateway.core.access.password import MAX_PASSWORD_CHARACTERS, SALT_BYTES, PasswordHash
from beacon_gateway.core.access.throttle import Throttle
from beacon_gateway.core.access.web_accounts import MAX_ACCOUNT_NAME_CHARACTERS, WebAccount, WebAccounts, key_of

MAX_WAITING_CHECKS: Final = 5
"""Each takes half a second of a small Pi; more would wait longer than a browser does."""
RETRY_LOGIN_AFTER_S: Final = 5.0


class PasswordCheck:
    """Of one door."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._throttle = Throttle()
        self._turn = asyncio.Lock()
        self._waiting = 0
        # As costly as any, and nobody's: the digest is of no password.
        self._nobodys = PasswordHash(secrets.token_bytes(SALT_BYTES), secrets.token_bytes(32))
        self._log = structlog.get_logger("web")

    async def account(
        self, name: str, password: str, address: str, accounts: WebAccounts, *, way: str
    ) -> WebAccount | None:
        """Return the account that name and password are of; None if they are of none. Raises Refused.

        `way` is how they came, for the log.
        """
        # Whatever is longer is nobody's; it is cut so that it takes no room.
        key = key_of(name[: 2 * MAX_ACCOUNT_NAME_CHARACTERS])[: 2 * MAX_ACCOUNT_NAME_CHARACTERS]
        if self._waiting > MAX_WAITING_CHECKS:
            raise RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, "login.busy", wait=RETRY_LOGIN_AFTER_S)
        if wait := self._throttle.attempt(key, address, self._monotonic()):
            raise RequestRefused(HTTPStatus.TOO_MANY_REQUESTS, "login.wait", wait=wait, seconds=whole_seconds(wait))
        account = accounts.of(key)
        kept = account.password if account else self._nobodys
        self._waiting += 1
        try:
            async with self._turn:
                is_right = await asyncio.to_thread(kept.is_of, password[: MAX_PASSWORD_CHARACTERS + 1])
        finally:
            self._waiting -= 1
        if account is None or not is_right:
            # People type passwords where the name belongs: only a name that is known is written down.
            known = account.visitor.name if account else ""
            self._log.warning("web.login_failed", account=known, address=address, way=way)
            return None
        self._throttle.succeeded(key, address)
        self._log.info("web.login", account=account.visitor.name, address=address, way=way)
        return account


def address_of(request: web.Request) -> str:
    """Return from where it came. A proxy on this machine says for whom it asks, last of all that it was told itself."""
    found = request.remote or ""
    if not found or not ip_address(found.partition("%")[0]).is_loopback:
        return found
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(told))
    except ValueError:
        return found
