"""What is said to systemd, on a real socket."""

from pathlib import Path

import pytest

from beacon_gateway.adapters.systemd.service_manager import ServiceManager
from tests.services.status.ears import Ears


@pytest.mark.parametrize("abstract", [False, True])
def test_each_word_arrives(tmp_path: Path, abstract: bool) -> None:
    name = f"@{tmp_path}" if abstract else str(tmp_path / "notify")
    with Ears.on(name) as ears:
        manager = ServiceManager({"NOTIFY_SOCKET": name})
        manager.ready()
        manager.alive()
        manager.status("well")
        manager.stopping()
        assert ears.heard() == ["READY=1", "WATCHDOG=1", "STATUS=well", "STOPPING=1"]


def test_a_status_is_one_line_and_can_say_nothing_else() -> None:
    with Ears.somewhere() as ears:
        ServiceManager({"NOTIFY_SOCKET": ears.name}).status("deaf\nREADY=1\n" + "!" * 9999)
        (said,) = ears.heard()
    assert said.startswith("STATUS=deaf READY=1 !")
    assert "\n" not in said
    assert len(said) < 250


def test_where_no_systemd_is_nothing_is_said() -> None:
    ServiceManager({}).ready()


def test_a_socket_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
