"""Folders before and after `setup`, and what stands in them."""

import stat
from pathlib import Path

from tests.commands.command import Done, run

SECRET = "0123456789abcdef" * 2
APPID = "wx0123456789abcdef"
CONFIG = f"gateway: f6-east\nfloor: F6\nlanguage: en\nwechat:\n  appid: {APPID}\n"
PAGES = "pages:\n  spring-sale:\n    wechat_page_id: 50054\n"
FLOOR = (
    "floor: F6\nbeacons:\n  desk:\n    uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825\n"
    "    major: 10006\n    minor: 1\n    pages: [spring-sale]\n"
)


async def setup(config: Path, *words: str) -> Done:
    """Run it as a script would, without starting anything."""
    return await run("setup", "--config", str(config), "--no-start", "--unattended", *words)


async def assert_sound(config: Path) -> None:
    done = await run("check", "--config", str(config))
    assert (done.code, done.err) == (0, ""), done.out


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def answers(folder: Path, *, config: str = CONFIG, secret: str = SECRET) -> Path:
    """Write a whole folder of answers, as somebody with a Pi of theirs would."""
    (folder / "store" / "floors").mkdir(parents=True)
    (folder / "store" / "pages.yaml").write_text(PAGES)
    (folder / "store" / "floors" / "F6.yaml").write_text(FLOOR)
    (folder / "gateway.yaml").write_text(config)
    (folder / "wechat-secret").write_text(secret)
    return folder
