"""`setup` where nobody sits: from flags, and from a folder on a boot partition."""

import asyncio
import sys
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.settings import STORE_ZONE, Role
from tests.commands.setup.places import (
    APPID,
    CONFIG,
    FLOOR,
    PAGES,
    SECRET,
    answers,
    assert_sound,
    everything,
    mode,
    setup,
)
from tests.places import PROJECT

OTHER = "fedcba9876543210" * 2
ICON = PROJECT / "config" / "store" / "icons" / "spring.png"


async def test_flags_are_enough(tmp_path: Path) -> None:
    config = tmp_path / "etc" / "gateway.yaml"
    (tmp_path / "secret").write_text(f"{SECRET}\r\n")
    flags = ("--gateway", "f6-east", "--floor", "F6", "--appid", APPID, "--secret-file", str(tmp_path / "secret"))
    done = await setup(config, *flags, "--language", "zh")
    assert (done.code, done.err) == (0, "")
    assert "没有问题" in done.out
    assert "role: reader" in done.out
    assert SECRET not in done.out
    assert (config.parent / "wechat-secret").read_text() == f"{SECRET}\n"
    await assert_sound(config)


async def test_the_secret_can_come_through_a_pipe(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    flags = ("--gateway", "f6-east", "--floor", "F6", "--appid", APPID, "--secret-file", "-")
    process = await _start_with_pipe("setup", "--config", str(config), "--no-start", *flags)
    out, err = await process.communicate(SECRET.encode())
    assert process.returncode == 0, err
    assert SECRET.encode() not in out + err
    assert (tmp_path / "wechat-secret").read_text() == f"{SECRET}\n"


async def test_modes_are_what_the_service_needs_whatever_the_mask(tmp_path: Path) -> None:
    config = tmp_path / "etc" / "gateway.yaml"
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'umask 077; exec "$0" "$@"', sys.executable, "-m", "beacon_gateway"),
        *("setup", "--config", str(config), "--no-start", "--unattended", "--gateway", "a", "--floor", "F6"),
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0
    assert mode(config.parent / "wechat-secret") == 0o600
    for path in [config.parent, *config.parent.rglob("*")]:
        if path.name != "wechat-secret":
            assert mode(path) == (0o755 if path.is_dir() else 0o644), path


async def test_everything_wrong_is_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("two words")
    flags = ("--gateway", "六楼", "--appid", "wx1", "--secret-file", str(secret))
    done = await setup(tmp_path / "etc" / "gateway.yaml", *flags, "--language", "en")
    assert done.code == 64
    for said in ("what", "--gateway:", "There is no floor", "--appid:", "AppSecret"):
        assert said.lower() in done.err.lower()
    assert "two words" not in done.err
    assert everything(tmp_path) == {"secret"}


async def test_without_a_terminal_it_says_how_it_goes(tmp_path: Path) -> None:
    process = await _start_with_pipe("setup", "--config", str(tmp_path / "gateway.yaml"), "--language", "en")
    _, err = await process.communicate(b"")
    assert process.returncode == 64
    assert b"There is no terminal for questions" in err


async def test_an_account_without_a_secret_is_told(tmp_path: Path) -> None:
    done = await setup(tmp_path / "gateway.yaml", "--gateway", "a", "--floor", "F6", "--appid", APPID)
    assert done.code == 64
    assert "--secret-file" in done.err
    assert everything(tmp_path) == set()


async def test_a_folder_of_answers_is_taken_as_it_is(tmp_path: Path) -> None:
    card, config = answers(tmp_path / "boot"), tmp_path / "etc" / "gateway.yaml"
    (card / "store" / "icons").mkdir()
    (card / "store" / "icons" / "spring.png").write_bytes(ICON.read_bytes())
    done = await setup(config, "--answers", str(card))
    assert (done.code, done.err) == (0, "")
    assert config.read_text() == CONFIG
    assert (config.parent / "store" / "pages.yaml").read_text() == PAGES
    assert (config.parent / "store" / "floors" / "F6.yaml").read_text() == FLOOR
    assert (config.parent / "store" / "icons" / "spring.png").read_bytes() == ICON.read_bytes()
    await assert_sound(config)


async def test_the_secret_leaves_the_boot_partition(tmp_path: Path) -> None:
    card, config = answers(tmp_path / "boot"), tmp_path / "etc" / "gateway.yaml"
    with (card / "wechat-secret").open("rb") as lying_there:  # as somebody sees it who reads the card's raw bytes
        done = await setup(config, "--answers", str(card), "--language", "en")
        assert lying_there.read() == bytes(len(SECRET))
    assert done.code == 0
    assert "change the secret in the account's console" in done.out
    assert not (card / "wechat-secret").exists()
    assert (card / "gateway.yaml").exists()
    assert (config.parent / "wechat-secret").read_text() == f"{SECRET}\n"


async def test_what_windows_makes_of_files_does_no_harm(tmp_path: Path) -> None:
    card, config = tmp_path / "BOOT", tmp_path / "etc" / "gateway.yaml"
    (card / "STORE" / "FLOORS").mkdir(parents=True)
    (card / "STORE" / "ICONS").mkdir()
    (card / "GATEWAY.YAML").write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    (card / "WECHAT-SECRET.TXT").write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")
    pages = (
        "pages:\n  spring-sale:\n    title: 春季新品\n    description: 全场八折起\n    url: https://h5.example.com/\n"
    )
    (card / "STORE" / "PAGES.YML").write_bytes((pages + "    icon: icons/spring.png\n").encode("utf-16"))
    (card / "STORE" / "FLOORS" / "F6.YML").write_bytes(FLOOR.replace("\n", "\r\n").encode())
    (card / "STORE" / "FLOORS" / "._F6.YML").write_bytes(b"\x00\x05\x16\x07")  # as macOS leaves it
    (card / "STORE" / "ICONS" / "SPRING.PNG").write_bytes(ICON.read_bytes())

    done = await setup(config, "--answers", str(card))
    assert (done.code, done.err) == (0, "")
    assert config.read_bytes() == CONFIG.encode()
    assert (config.parent / "wechat-secret").read_text() == f"{SECRET}\n"
    assert everything(config.parent / "store") == {
        *("pages.yaml", "floors", "floors/F6.yaml", "icons", "icons/spring.png"),
    }
    assert not (card / "WECHAT-SECRET.TXT").exists()
    await assert_sound(config)


async def test_one_file_for_many_is_completed_for_each(tmp_path: Path) -> None:
    card, config = answers(tmp_path / "boot", config=f"language: en\nwechat: {{appid: {APPID}}}"), tmp_path / "g.yaml"
    done = await setup(config, "--answers", str(card), "--gateway", "on", "--floor", "F6")
    assert (done.code, done.err) == (0, "")
    settings, _, _ = read_settings(config)
    assert settings
    assert settings.wechat
    assert (settings.gateway, settings.floor, settings.wechat.appid) == ("on", "F6", APPID)


async def test_a_flag_against_the_file_is_told(tmp_path: Path) -> None:
    card = answers(tmp_path / "boot")
    done = await setup(tmp_path / "etc" / "g.yaml", "--answers", str(card), "--floor", "F7", "--appid", APPID)
    assert done.code == 64
    assert "F7" in done.err
    assert "F6" in done.err
    assert not (tmp_path / "etc").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gateway.yaml", "gateway: f6-east\nfloor: F6\ncolour: red\n", "gateway.yaml:3:1"),
        ("gateway.yaml", "gateway: [\n", "gateway.yaml:"),
        ("gateway.yaml", "gateway: f6-east\nfloor: F7\n", "gateway.yaml:2:8"),
        ("store/floors/F6.yaml", FLOOR.replace("spring-sale", "sping-sale"), "store/floors/F6.yaml:7:13"),
    ],
)
async def test_faulty_answers_are_told_with_their_lines_and_left_where_they_are(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    card = answers(tmp_path / "boot")
    (card / name).write_text(content)
    before = everything(card)
    done = await setup(tmp_path / "etc" / "gateway.yaml", "--answers", str(card))
    assert done.code == 78
    assert said in done.err
    assert not (tmp_path / "etc").exists()
    assert everything(card) == before


async def test_what_is_missing_in_the_folder_is_a_first_file(tmp_path: Path) -> None:
    card, config = tmp_path / "boot", tmp_path / "etc" / "gateway.yaml"
    card.mkdir()
    (card / "gateway.yaml").write_text("gateway: f6-east\nfloor: F6\n")
    assert (await setup(config, "--answers", str(card))).code == 0
    assert (config.parent / "wechat-secret").read_bytes() == b""
    await assert_sound(config)


async def test_an_empty_folder_that_was_named_is_a_fault(tmp_path: Path) -> None:
    done = await setup(tmp_path / "etc" / "gateway.yaml", "--answers", str(tmp_path))
    assert done.code == 64
    assert not (tmp_path / "etc").exists()


async def test_what_is_there_stays_and_what_is_missing_is_added(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    config.write_text(CONFIG)
    (tmp_path / "secret").write_text(SECRET)
    done = await setup(config, "--gateway", "other", "--secret-file", str(tmp_path / "secret"))
    assert (done.code, done.err) == (0, "")
    assert "--replace" in done.out
    assert config.read_text() == CONFIG
    assert (tmp_path / "wechat-secret").read_text() == f"{SECRET}\n"
    await assert_sound(config)

    floor = tmp_path / "store" / "floors" / "F6.yaml"
    floor.write_text("floor: F6\n")
    (tmp_path / "secret").write_text(OTHER)
    again = await setup(config, "--secret-file", str(tmp_path / "secret"))
    assert again.code == 0
    assert "was not used" in again.err
    assert floor.read_text() == "floor: F6\n"
    assert (tmp_path / "wechat-secret").read_text() == f"{SECRET}\n"


async def test_a_store_that_is_there_gets_only_what_it_cannot_do_without(tmp_path: Path) -> None:
    (tmp_path / "store" / "floors").mkdir(parents=True)
    (tmp_path / "store" / "floors" / "sixth.yaml").write_text("floor: F6\n")
    assert (await setup(tmp_path / "gateway.yaml", "--gateway", "a", "--floor", "F6")).code == 0
    assert everything(tmp_path / "store") == {"floors", "floors/sixth.yaml", "pages.yaml"}
    await assert_sound(tmp_path / "gateway.yaml")


async def test_a_floor_that_no_file_of_the_store_has_is_told_before_anything_is_written(tmp_path: Path) -> None:
    store = answers(tmp_path) / "store"
    (tmp_path / "gateway.yaml").unlink()
    (tmp_path / "wechat-secret").unlink()
    before = everything(tmp_path)
    done = await setup(tmp_path / "gateway.yaml", "--gateway", "a", "--floor", "F7")
    assert done.code == 78
    assert "F7" in done.err
    assert everything(tmp_path) == before
    assert StoreFiles(store, STORE_ZONE).read()[1] == []


async def test_replace_writes_anew_and_keeps_the_old_file(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    answers(tmp_path)
    card = answers(tmp_path / "boot", config=CONFIG.replace("east", "west"), secret=OTHER)
    (card / "store" / "pages.yaml").write_text(PAGES + "# new\n")
    done = await setup(config, "--replace", "--answers", str(card))
    assert (done.code, done.err) == (0, "")
    assert config.read_text() == CONFIG.replace("east", "west")
    assert (tmp_path / "store" / "pages.yaml").read_text() == PAGES + "# new\n"
    assert (tmp_path / "wechat-secret").read_text() == f"{OTHER}\n"
    old = one_of(tmp_path, "gateway.yaml.2")
    assert old.read_text() == CONFIG
    old_store = one_of(tmp_path, "store.2")
    assert (old_store / "pages.yaml").read_text() == PAGES
    assert all(str(path) in done.out for path in (old, old_store))


async def test_replace_never_takes_a_store_that_nothing_better_is_brought_for(tmp_path: Path) -> None:
    answers(tmp_path)
    done = await setup(tmp_path / "gateway.yaml", "--replace", "--gateway", "f6-west")
    assert (done.code, done.err) == (0, "")
    settings, _, _ = read_settings(tmp_path / "gateway.yaml")
    assert settings
    assert settings.wechat
    assert (settings.gateway, settings.floor, settings.wechat.appid) == ("f6-west", "F6", APPID)
    assert (tmp_path / "store" / "floors" / "F6.yaml").read_text() == FLOOR
    assert (tmp_path / "wechat-secret").read_text() == SECRET


async def test_a_power_cut_before_the_end_is_mended_by_the_next_try(tmp_path: Path) -> None:
    """The secret and the store were in place, the secret on the card not yet deleted, and rubbish left."""
    card, etc = answers(tmp_path / "boot"), tmp_path / "etc"
    answers(etc)
    (etc / "gateway.yaml").unlink()
    (etc / ".setup.new" / "store").mkdir(parents=True)
    (etc / ".gateway.yaml.new").write_text("gatew")
    done = await setup(etc / "gateway.yaml", "--answers", str(card))
    assert (done.code, done.err) == (0, "")
    assert not (card / "wechat-secret").exists()
    assert {name for name in everything(etc) if name.startswith(".")} == set()
    await assert_sound(etc / "gateway.yaml")


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = await setup(tmp_path / "file" / "gateway.yaml", "--gateway", "a", "--floor", "F6")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert str(tmp_path / "file") in done.err


def one_of(folder: Path, beginning: str) -> Path:
    (path,) = (path for path in folder.iterdir() if path.name.startswith(beginning))
    return path


async def _start_with_pipe(*words: str) -> asyncio.subprocess.Process:
    """Start it with a pipe as its standard input."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "beacon_gateway", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_one_that_only_compares_stays_so_when_its_file_is_written_anew(tmp_path: Path) -> None:
    config = tmp_path / "etc" / "g.yaml"
    (tmp_path / "secret").write_text("s" * 32)
    flags = ("--gateway", "f6-west", "--floor", "F6", "--appid", APPID, "--secret-file", str(tmp_path / "secret"))
    assert (await setup(config, *flags, "--role", "reader")).code == 0
    assert (await setup(config, *flags, "--replace")).code == 0
    settings, _, _ = read_settings(config)
    assert settings
    assert settings.wechat
    assert settings.wechat.role is Role.READER


async def test_a_role_against_the_file_is_told(tmp_path: Path) -> None:
    card = answers(tmp_path / "boot")
    done = await setup(tmp_path / "etc" / "g.yaml", "--answers", str(card), "--role", "reader")
    assert done.code == 64
    assert "--role" in done.err
