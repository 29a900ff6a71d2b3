"""`setup` as store IT types it: questions, answers, and a secret that nobody sees."""

import socket
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.gateway_file import read_settings
from tests.commands.setup.keyboard import END_OF_INPUT, INTERRUPT, Keyboard, at_a_terminal
from tests.commands.setup.places import APPID, SECRET, assert_sound, everything, mode, setup

NAME = "unique in the store"
FLOOR = "floor on which it hangs"
ACCOUNT = "AppID"
HIDDEN = "not shown while you type"


def words(config: Path, *more: str, language: str = "en") -> tuple[str, ...]:
    return ("setup", "--config", str(config), "--no-start", "--language", language, *more)


def answer_all(keyboard: Keyboard, *, secret: str = SECRET) -> None:
    keyboard.answer(NAME, "f6-east")
    keyboard.answer(FLOOR, "F6")
    keyboard.answer(ACCOUNT, APPID)
    keyboard.answer(HIDDEN, secret)


async def test_four_answers_make_a_gateway(tmp_path: Path) -> None:
    config = tmp_path / "etc" / "gateway.yaml"
    with at_a_terminal(*words(config)) as keyboard:
        answer_all(keyboard)
        assert keyboard.end() == 0, keyboard.shown

    settings, _, problems = read_settings(config)
    assert settings
    assert settings.wechat
    assert not problems
    assert (settings.gateway, settings.floor, settings.wechat.appid) == ("f6-east", "F6", APPID)
    assert (tmp_path / "etc" / "wechat-secret").read_text() == f"{SECRET}\n"
    assert everything(tmp_path / "etc") == {
        *("gateway.yaml", "wechat-secret", "store", "store/pages.yaml", "store/icons"),
        *("store/floors", "store/floors/F6.yaml"),
    }
    await assert_sound(config)


async def test_the_questions_are_asked_in_chinese_and_full_width_letters_are_understood(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    with at_a_terminal("setup", "--config", str(config), "--no-start", LC_ALL="zh_CN.UTF-8") as keyboard:
        keyboard.answer("这台树莓派的名称", "ｆ６－ｅａｓｔ")
        keyboard.answer("挂在哪一层", "Ｆ６")
        keyboard.answer("只监听和记录", "")
        assert keyboard.end() == 0, keyboard.shown

    settings, _, _ = read_settings(config)
    assert settings
    assert (settings.gateway, settings.floor, settings.language, settings.wechat) == ("f6-east", "F6", "zh", None)
    assert (tmp_path / "wechat-secret").read_bytes() == b""
    assert "名称，全店唯一" in config.read_text()
    await assert_sound(config)


def test_a_terminal_that_is_not_chinese_is_asked_for_the_language_first(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    with at_a_terminal("setup", "--config", str(config), "--no-start", LC_ALL="en_GB.UTF-8") as keyboard:
        keyboard.answer("Language", "zh")
        keyboard.answer("这台树莓派的名称", "f6-east")
        keyboard.answer("挂在哪一层", "F6")
        keyboard.answer("AppID", "")
        assert keyboard.end() == 0, keyboard.shown
    assert "language: zh" in config.read_text()


def test_the_secret_is_never_shown_and_in_no_command_line(tmp_path: Path) -> None:
    with at_a_terminal(*words(tmp_path / "gateway.yaml")) as keyboard:
        answer_all(keyboard, secret="no secret at all")
        keyboard.answer(HIDDEN, SECRET)
        commanded = keyboard.words
        assert keyboard.end() == 0, keyboard.shown
    assert SECRET not in keyboard.shown
    assert "no secret at all" not in keyboard.shown
    assert SECRET not in commanded
    assert SECRET not in (tmp_path / "gateway.yaml").read_text()


def test_the_name_is_the_hosts_where_that_says_something(tmp_path: Path) -> None:
    with at_a_terminal(*words(tmp_path / "gateway.yaml")) as keyboard:
        keyboard.answer(NAME, "" if _host() else "f6-east")
        keyboard.answer(FLOOR, "F6")
        keyboard.answer(ACCOUNT, "")
        assert keyboard.end() == 0, keyboard.shown
    settings, _, _ = read_settings(tmp_path / "gateway.yaml")
    assert settings
    assert settings.gateway == (_host() or "f6-east")


def test_a_bad_answer_is_told_at_once_and_asked_again(tmp_path: Path) -> None:
    with at_a_terminal(*words(tmp_path / "gateway.yaml")) as keyboard:
        keyboard.answer(NAME, "六楼")
        keyboard.until("letters, digits, dots")
        keyboard.answer(NAME, "f6-east")
        keyboard.answer(FLOOR, "")
        keyboard.until("This is required.")
        keyboard.answer(FLOOR, "F6")
        keyboard.answer(ACCOUNT, "wx123")
        keyboard.until("is not an official account's AppID")
        keyboard.answer(ACCOUNT, "")
        assert keyboard.end() == 0, keyboard.shown
    assert read_settings(tmp_path / "gateway.yaml")[0]


def test_three_bad_answers_end_it_with_64_and_nothing_is_written(tmp_path: Path) -> None:
    with at_a_terminal(*words(tmp_path / "etc" / "gateway.yaml")) as keyboard:
        keyboard.answer(NAME, "f6-east")
        for typed in ("F 6", "六楼", "-"):
            keyboard.answer(FLOOR, typed)
        assert keyboard.end() == 64
    assert "nothing was written" in keyboard.shown
    assert everything(tmp_path) == set()


@pytest.mark.parametrize("key", [END_OF_INPUT, INTERRUPT])
@pytest.mark.parametrize("question", [NAME, FLOOR, ACCOUNT, HIDDEN])
def test_ctrl_c_and_ctrl_d_leave_nothing(tmp_path: Path, question: str, key: str) -> None:
    typed = {NAME: "f6-east", FLOOR: "F6", ACCOUNT: APPID}
    with at_a_terminal(*words(tmp_path / "etc" / "gateway.yaml")) as keyboard:
        for answered, text in typed.items():
            if answered == question:
                break
            keyboard.answer(answered, text)
        assert keyboard.press(question, key) == 1
    assert "nothing was written" in keyboard.shown
    assert "Traceback" not in keyboard.shown
    assert everything(tmp_path) == set()


def test_a_terminal_that_is_closed_leaves_nothing(tmp_path: Path) -> None:
    with at_a_terminal(*words(tmp_path / "etc" / "gateway.yaml")) as keyboard:
        keyboard.answer(NAME, "f6-east")
        assert keyboard.hang_up(FLOOR) == 1
    assert everything(tmp_path) == set()


async def test_what_flags_say_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    flags = ("--gateway", "f6-east", "--appid", APPID, "--secret-file", str(tmp_path / "secret"))
    with at_a_terminal(*words(tmp_path / "gateway.yaml", *flags)) as keyboard:
        keyboard.answer(FLOOR, "F6")
        assert keyboard.end() == 0, keyboard.shown
    assert NAME not in keyboard.shown
    assert HIDDEN not in keyboard.shown
    assert (tmp_path / "secret").exists()
    await assert_sound(tmp_path / "gateway.yaml")


async def test_replacing_offers_what_was_there_and_keeps_the_secret_on_enter(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    (tmp_path / "secret").write_text(SECRET)
    flags = ("--gateway", "f6-east", "--floor", "F6", "--appid", APPID, "--secret-file", str(tmp_path / "secret"))
    assert (await setup(config, *flags)).code == 0
    with at_a_terminal(*words(config, "--replace")) as keyboard:
        keyboard.answer("[f6-east]", "f6-west")
        keyboard.answer("[F6]", "")
        keyboard.answer(f"[{APPID}]", "")
        keyboard.answer("Enter keeps the present one", "")
        assert keyboard.end() == 0, keyboard.shown
    settings, _, _ = read_settings(config)
    assert settings
    assert settings.wechat
    assert (settings.gateway, settings.floor, settings.wechat.appid) == ("f6-west", "F6", APPID)
    assert (tmp_path / "wechat-secret").read_text() == f"{SECRET}\n"
    assert mode(tmp_path / "wechat-secret") == 0o600


def test_an_odd_secret_is_taken_with_a_remark(tmp_path: Path) -> None:
    with at_a_terminal(*words(tmp_path / "gateway.yaml")) as keyboard:
        answer_all(keyboard, secret="short")
        assert keyboard.end() == 0
    assert "this one has 5" in keyboard.shown


def _host() -> str:
    name = socket.gethostname().partition(".")[0]
    return "" if name.lower() in {"localhost", "raspberrypi"} else name


def test_without_root_it_says_so(tmp_path: Path) -> None:
    closed = tmp_path / "etc"
    closed.mkdir(mode=0o555)
    script = (
        "import os, sys; from beacon_gateway.cli import main; import beacon_gateway.commands.setup.setup\n"
        "os.geteuid() or os.seteuid(65534)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    with at_a_terminal(*words(closed / "gateway.yaml"), script=script) as keyboard:
        assert keyboard.end() == 64
    assert "sudo beacon-gateway setup" in keyboard.shown
    assert "Traceback" not in keyboard.shown
    assert everything(closed) == set()
