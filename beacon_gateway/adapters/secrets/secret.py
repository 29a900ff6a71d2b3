"""Where secrets come from. Never from YAML or the command line: both are read by others."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.core.bindings.target import NO_SECRET, NeedsOperator

CREDENTIAL: Final = "wechat-secret"
"""Name of the systemd credential (LoadCredential=)."""
VARIABLE: Final = "BEACON_GATEWAY_WECHAT_SECRET"
MAX_SECRET_CHARACTERS: Final = 256
LOOK_AGAIN: Final = timedelta(minutes=5)
"""A file on this machine costs WeChat nothing."""


class NoSecret(NeedsOperator):
    """There is no usable secret; the text says where it was looked for, never what was found."""

    def __init__(self, message: str) -> None:
        super().__init__(message, NO_SECRET, look_again=LOOK_AGAIN)


class SecretMissing(NoSecret):
    """There is none in any of the places."""


def read_secret(environment: Mapping[str, str] = os.environ, *, beside: Path | None = None) -> str:
    """Return the account's secret. Raises NoSecret.

    `beside` is gateway.yaml's folder. systemd makes its credential of the file `wechat-secret` there, which only root
    can read; commands that root types find it in the same place.
    """
    try:
        return read_named_secret(CREDENTIAL, VARIABLE, environment)
    except SecretMissing as error:
        if beside is None:
            raise
        if secret := _from_file(beside / CREDENTIAL, may_be_missing=True):
            return secret
        raise SecretMissing(f"{error}; nor is there a file {beside / CREDENTIAL}") from None


def read_named_secret(credential: str, variable: str, environment: Mapping[str, str]) -> str:
    """Return a secret from the systemd credential, else a file, else the environment. Raises NoSecret.

    `credential` is a name of LoadCredential=, `variable` one of the environment; with _FILE behind it, it names a file.
    """
    if folder := environment.get("CREDENTIALS_DIRECTORY"):
        secret = _from_file(Path(folder) / credential, may_be_missing=True)
        if secret:
            return secret
    if name := environment.get(variable + "_FILE"):
        return _from_file(Path(name))
    if secret := environment.get(variable, "").strip():
        if len(secret) > MAX_SECRET_CHARACTERS:
            raise NoSecret(f"{variable} holds no secret: it is longer than {MAX_SECRET_CHARACTERS} characters")
        return secret
    raise SecretMissing(
        f"the systemd credential {credential} is not there, and neither {variable}_FILE nor {variable} is set"
    )


def _from_file(path: Path, *, may_be_missing: bool = False) -> str:
    """Return what the file holds; "" if it is missing and may be. Raises NoSecret."""
    secret, trouble = "", ""
    try:
        secret = read_limited(path, MAX_SECRET_CHARACTERS)[0].decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        if may_be_missing and isinstance(error, FileNotFoundError):
            return ""
        trouble = type(error).__name__
    if trouble:
        # Raised out here, so that it is not chained: a UnicodeDecodeError carries the bytes that it read.
        raise NoSecret(f"{path} cannot be read: {trouble}")
    if not secret or len(secret) > MAX_SECRET_CHARACTERS:
        raise NoSecret(f"{path} holds no secret")
    return secret
