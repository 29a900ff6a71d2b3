"""What this machine is known to hold: read from where it lies, as far as it can be read."""

from pathlib import Path

from beacon_gateway.adapters.bundle.identities import known_names, secret_values
from tests.adapters.bundle.planted import AES_KEY, SECRET, TOKEN

NETWORK = "[wifi]\nssid=228;184;137;230;165;188;\nmode=infrastructure\n\n[wifi-security]\npsk=wifi-pass-1\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_secrets_are_found_wherever_the_gateway_keeps_them(tmp_path: Path) -> None:
    write(tmp_path / "etc" / "beacon-gateway", **{"wechat-secret": SECRET + "\n"})
    write(tmp_path / "run" / "credentials" / "beacon-gateway.service", **{"wechat-callback-token": TOKEN})
    write(tmp_path / "run" / "beacon-gateway", **{"person-keys": f"2026-11-24 {'ab' * 32}\n"})
    write(tmp_path / "etc" / "NetworkManager" / "system-connections", **{"shop.nmconnection": NETWORK})
    found = secret_values(
        tmp_path / "etc" / "beacon-gateway",
        tmp_path / "run" / "beacon-gateway",
        {"BEACON_GATEWAY_WECHAT_CALLBACK_AES_KEY": AES_KEY},
        tmp_path,
    )
    assert found == {SECRET, TOKEN, AES_KEY, "ab" * 32, "wifi-pass-1"}


def test_what_people_log_in_with_at_the_pages_is_found_too(tmp_path: Path) -> None:
    digest, copied = "ab" * 22, "cd" * 22
    lines = f"# 门店\nxiaoming staff F6 $scrypt$ln=14,r=8,p=5$c2FsdHNhbHRzYWx0${digest}\ntv it - spoilt$x$+{digest}\n"
    lines += f"李娜 it - $scrypt$ln=14,r=8,p=5$c2FsdHNhbHRzYWx0${digest}\n"
    write(tmp_path, **{"web-accounts": lines, "web-accounts.old": f"eve it - $scrypt$ln=14,r=8,p=5$c2FsdA${copied}"})
    found = secret_values(tmp_path, tmp_path / "none", {}, tmp_path / "none")
    assert {digest, f"+{digest}", copied} <= found
    assert {"xiaoming", "李娜"} <= set(known_names({}, tmp_path / "none", tmp_path).users)


def test_names_are_found_and_empty_places_are_none(tmp_path: Path) -> None:
    write(tmp_path, etc__hostname="f6-east.shop.cn\n", proc__cpuinfo="Serial\t\t: 10000000e4c7b1f9\n")
    write(tmp_path / "etc" / "NetworkManager" / "system-connections", **{"shop.nmconnection": NETWORK})
    (tmp_path / "home" / "xiaoming").mkdir(parents=True)
    found = known_names({"SUDO_USER": "ling"}, tmp_path)
    assert {"f6-east", "f6-east.shop.cn"} <= set(found.hosts)
    assert {"xiaoming", "ling"} <= set(found.users)
    assert (found.networks, found.serials) == (("三楼",), ("10000000e4c7b1f9",))
    assert secret_values(tmp_path / "none", tmp_path / "none", {}, tmp_path / "none") == frozenset()
