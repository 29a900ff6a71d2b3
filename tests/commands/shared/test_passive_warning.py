"""The warning about bluetoothd that `status` and `setup` print where gateway.yaml asks for a passive scan."""

from pathlib import Path

import pytest

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.commands.shared.passive_warning import passive_warning
from beacon_gateway.core.model.settings import Language, Settings


def settings(folder: Path, mode: str) -> Settings:
    config = folder / "gateway.yaml"
    config.write_text(f"gateway: f6-east\nfloor: F6\nradio: {{mode: {mode}}}\n")
    found, _, _ = read_settings(config)
    assert found
    return found


def bluetoothd(root: Path, version: str) -> None:
    program = root / "usr/libexec/bluetooth/bluetoothd"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("mode", "version", "words"),
    [
        ("passive", "5.82", "fixed in 5.83"),
        ("passive", "5.70", "does not recognise iBeacons in a passive scan"),
        ("passive", "5.66", ""),
        ("passive", "nonsense", ""),
        ("active", "5.82", ""),
    ],
)
def test_it_is_by_version_and_for_a_passive_scan_only(tmp_path: Path, mode: str, version: str, words: str) -> None:
    bluetoothd(tmp_path, version)
    said = passive_warning(settings(tmp_path, mode), Language.ENGLISH, tmp_path)
    assert (words in said, bool(said)) == (True, bool(words))


def test_in_chinese_too(tmp_path: Path) -> None:
    bluetoothd(tmp_path, "5.82")
    assert "5.83 已修正" in passive_warning(settings(tmp_path, "passive"), Language.CHINESE, tmp_path)
