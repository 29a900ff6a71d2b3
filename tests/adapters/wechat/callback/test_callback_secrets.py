"""Token and AES key of the callback: where they are looked for, and what they must look like."""

from pathlib import Path

import pytest

from beacon_gateway.adapters.secrets.callback_secrets import (
    AES_KEY_CREDENTIAL,
    AES_KEY_VARIABLE,
    TOKEN_CREDENTIAL,
    TOKEN_VARIABLE,
    CallbackSecrets,
    read_callback_secrets,
)
from beacon_gateway.adapters.secrets.secret import NoSecret
from tests.adapters.wechat.callback.scene import AES_KEY, TOKEN


def test_credentials_come_before_variables(tmp_path: Path) -> None:
    (tmp_path / TOKEN_CREDENTIAL).write_text(TOKEN + "\n")
    (tmp_path / AES_KEY_CREDENTIAL).write_text(AES_KEY + "\n")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), TOKEN_VARIABLE: "x", AES_KEY_VARIABLE: "x"}
    assert read_callback_secrets(environment) == CallbackSecrets(TOKEN, AES_KEY)


def test_files_are_named_by_variables(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "key").write_text(AES_KEY)
    environment = {TOKEN_VARIABLE + "_FILE": str(tmp_path / "token"), AES_KEY_VARIABLE + "_FILE": str(tmp_path / "key")}
    assert read_callback_secrets(environment) == CallbackSecrets(TOKEN, AES_KEY)


def test_a_key_that_is_nowhere_is_none() -> None:
    assert read_callback_secrets({TOKEN_VARIABLE: TOKEN}) == CallbackSecrets(TOKEN)


def test_a_token_that_is_nowhere_is_told_with_its_places() -> None:
    with pytest.raises(NoSecret, match=f"{TOKEN_CREDENTIAL}.*{TOKEN_VARIABLE}_FILE"):
        read_callback_secrets({AES_KEY_VARIABLE: AES_KEY})


def test_a_key_that_cannot_be_read_is_not_taken_for_none() -> None:
    with pytest.raises(NoSecret, match="gone"):
        read_callback_secrets({TOKEN_VARIABLE: TOKEN, AES_KEY_VARIABLE + "_FILE": "/gone"})


@pytest.mark.parametrize("token", ["ab", "a" * 33, "with blank", "with-dash", "词词词", "line\nline"])
def test_a_token_is_letters_and_digits(token: str) -> None:
    with pytest.raises(NoSecret, match=TOKEN_CREDENTIAL) as caught:
        read_callback_secrets({TOKEN_VARIABLE: token})
    assert token not in str(caught.value)


@pytest.mark.parametrize("key", [AES_KEY[:-1], AES_KEY + "=", AES_KEY + "A", AES_KEY[:-1] + "-", AES_KEY[:-1] + "词"])
def test_a_key_is_43_characters_of_base64(key: str) -> None:
    with pytest.raises(NoSecret, match=AES_KEY_CREDENTIAL) as caught:
        read_callback_secrets({TOKEN_VARIABLE: TOKEN, AES_KEY_VARIABLE: key})
    assert key not in str(caught.value)


def test_they_are_not_shown() -> None:
    shown = repr(CallbackSecrets(TOKEN, AES_KEY))
    assert TOKEN not in shown
    assert AES_KEY not in shown
