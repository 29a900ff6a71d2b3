"""`/cgi-bin/…`: tokens and the clearing of quotas. These calls answer `ok`, not `success.`."""

from collections.abc import Callable, Mapping

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.quota import EmulatedQuota
from beacon_gateway.simulator.wechat.request import ApiRequest, Endpoint, Reply
from beacon_gateway.simulator.wechat.settings import STABLE_TOKEN_PATH, TOKEN_PATH, EmulatorSettings
from beacon_gateway.simulator.wechat.tokens import Tokens


class CgiBin:
    """The calls that need the account's credentials rather than its content."""

    def __init__(
        self, settings: EmulatorSettings, clock: Callable[[], float], tokens: Tokens, quota: EmulatedQuota
    ) -> None:
        self._settings = settings
        self._now = clock
        self._tokens = tokens
        self._quota = quota

    def endpoints(self) -> Mapping[str, Endpoint]:
        return {
            TOKEN_PATH: Endpoint(self.token, ("GET",), wants_token=False),
            STABLE_TOKEN_PATH: Endpoint(self.stable_token, wants_token=False),
            "/cgi-bin/clear_quota": Endpoint(self.clear_quota),
            "/cgi-bin/clear_quota/v2": Endpoint(self.clear_quota_v2, wants_token=False),
        }

    def token(self, request: ApiRequest) -> Reply:
        query = request.query
        self._admit(request.caller, query.get("grant_type", ""), query.get("appid", ""), query.get("secret", ""))
        token, seconds = self._tokens.classic(self._now())
        return {"access_token": token, "expires_in": seconds}

    def stable_token(self, request: ApiRequest) -> Reply:
        fields = request.fields()
        grant_type, appid, secret = (fields.text(name, "") for name in ("grant_type", "appid", "secret"))
        force = fields.flag("force_refresh")
        self._admit(request.caller, grant_type, appid, secret)
        token, seconds = self._tokens.stable(self._now(), force=force)
        return {"access_token": token, "expires_in": seconds}

    def clear_quota(self, request: ApiRequest) -> Reply:
        """Raises 40013 when the body's appid is not the token's, 48006 after ten times a month."""
        if request.fields().text("appid", "") != self._settings.appid:
            raise EmulatedError(40013)
        self._quota.clear(self._now())
        return {}

    def clear_quota_v2(self, request: ApiRequest) -> Reply:
        """The same with the appsecret instead of a token, which may stand in the body or in the query."""
        if request.body.strip():
            fields = request.fields()
            appid, secret = fields.text("appid", ""), fields.text("appsecret", "")
        else:
            appid, secret = request.query.get("appid", ""), request.query.get("appsecret", "")
        self._check_secret(appid, secret)
        self._quota.clear(self._now())
        return {}

    def _admit(self, caller: str, grant_type: str, appid: str, secret: str) -> None:
        """Raise 40002, 41002, 41004, 40013, 40125 (or 40001) or, for a caller off the whitelist, 40164."""
        if grant_type != "client_credential":
            raise EmulatedError(40002)
        self._check_secret(appid, secret)
        allowed = self._settings.ip_whitelist
        if allowed is not None and caller not in allowed:
            raise EmulatedError(40164, f"invalid ip {caller} ipv6 ::ffff:{caller}, not in whitelist")

    def _check_secret(self, appid: str, secret: str) -> None:
        if not appid:
            raise EmulatedError(41002)
        if not secret:
            raise EmulatedError(41004)
        if appid != self._settings.appid:
            raise EmulatedError(40013)
        if secret != self._settings.secret:
            raise EmulatedError(self._settings.wrong_secret)
