"""`run --replay` as it is typed at a desk."""

import json
from pathlib import Path

import pytest

from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, Frame
from tests.adapters.recording.air import HEADER, record
from tests.commands.command import run
from tests.commands.test_run import FLOOR, KEY, write_files

DESK = f"  desk: {{uuid: {KEY.uuid}, major: 10006, minor: 2}}\n"


@pytest.fixture
async def recording(tmp_path: Path) -> Path:
    """Two minutes in which the escalator's beacon is heard in the first only, and somebody else in both."""
    path = tmp_path / "air"
    air = [RecordedAdvertisement(second, {APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, -65) for second in range(60)]
    air += [RecordedAdvertisement(60 + second, {0x0075: b"\x42"}, -65) for second in range(60)]
    await record(path, air)
    return path


async def test_hits_are_printed_as_hits_prints_them_and_summed_up(tmp_path: Path, recording: Path) -> None:
    done = await run("run", "--config", write_files(tmp_path, FLOOR + DESK), "--replay", str(recording))
    assert (done.code, done.err) == (0, "")
    *hits, summary = done.out.splitlines()
    assert hits == [
        "2025-05-01 10:00:00 F6   enter escalator          near       -65 dBm   1.7 m",
        "2025-05-01 10:00:59 F6   exit  escalator          near       -65 dBm   1.7 m  59 s  (timeout)",
    ]
    assert summary == (
        "Recorded by f6-east from 2025-05-01 10:00:00 for 0:01:59: 120 advertisements; hits: F6 2; "
        "never heard: F6 desk."
    )
    assert not (tmp_path / "state").exists()


async def test_of_a_tag_it_says_that_it_was_heard_on_the_floor(tmp_path: Path, recording: Path) -> None:
    config = write_files(tmp_path, FLOOR.replace("minor: 1", "minor: 1, mobile: true"))
    done = await run("run", "--config", config, "--replay", str(recording))
    assert done.out.startswith("2025-05-01 10:00:00 ~F6  enter escalator ")
    assert "so the tag itself may be one floor above or below" in done.err
    done = await run("run", "--config", config, "--replay", str(recording), "--json")
    enter = json.loads(done.out.splitlines()[0])
    assert (enter["floor"], enter["mobile"], done.err) == ("F6", True, "")


@pytest.mark.parametrize("form", [[], ["--json"]])
async def test_it_says_the_same_each_time(tmp_path: Path, recording: Path, form: list[str]) -> None:
    words = ["run", "--config", write_files(tmp_path), "--replay", str(recording), *form]
    first, second = await run(*words), await run(*words, PYTHONHASHSEED="7")
    assert first == second
    assert first.out


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


async def test_a_damaged_recording_is_played_up_to_there_and_the_byte_is_named(tmp_path: Path, recording: Path) -> None:
    config = write_files(tmp_path)
    damage(recording)
    done = await run("run", "--config", config, "--replay", str(recording))
    assert done.code == 1
    assert len(done.out.splitlines()) == 2
    assert f"{recording} is damaged from byte " in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"gateway: f6-east\n", "is not a recording", "不是录制文件"),
        (HEADER.lines().replace(b"recording 1", b"recording 9"), "a recording of version 9", "第 9 版"),
    ],
)
async def test_what_cannot_be_played_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, english: str, chinese: str
) -> None:
    path, config = tmp_path / "air", write_files(tmp_path)
    path.write_bytes(content)
    for language, sentence in (("en", english), ("zh", chinese)):
        done = await run("run", "--config", config, "--replay", str(path), "--language", language)
        assert (done.code, done.out) == (1, "")
        assert sentence in done.err
        assert len(done.err.splitlines()) == 1


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = await run("run", "--config", write_files(tmp_path), "--replay", str(tmp_path / "air"))
    assert (done.code, done.err) == (1, f"{tmp_path / 'air'} cannot be read: no such file or folder\n")


async def test_faulty_store_files_are_told_and_nothing_is_played(tmp_path: Path, recording: Path) -> None:
    config = write_files(tmp_path, FLOOR.replace("10006", "70000"))
    done = await run("run", "--config", config, "--replay", str(recording))
    assert (done.code, done.out) == (78, "")
    assert "F6.yaml:3:" in done.err


async def test_json_is_of_a_replay_only(tmp_path: Path) -> None:
    done = await run("run", "--config", write_files(tmp_path), "--json", "--language", "en")
    assert done.code == 64
    assert "--replay" in done.err
