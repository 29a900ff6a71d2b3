"""Store folders and gateway.yaml files for the tests, and what the gateway has to say about them."""

import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import explain

SHANGHAI = ZoneInfo("Asia/Shanghai")
UUID_TEXT = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
"""One pixel."""

PAGES = """\
pages:
  members-day:
    wechat_page_id: 50054
"""
FLOOR_HEAD = f"""\
floor: F1
name: A馆一楼
uuid: {UUID_TEXT}
beacons:
"""
BEACON = """\
  entrance:
    name: 正门
    major: 10001
    minor: 1
    pages: [members-day]
"""
FLOOR = FLOOR_HEAD + BEACON

_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_ENGLISH = re.compile(r"[A-Za-z']{2,} [A-Za-z']{2,}")


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their paths within the folder, and return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def store_folder(
    parent: Path, *, pages: str | bytes = PAGES, floor: str | bytes = FLOOR, **more: str | bytes
) -> StoreFiles:
    """Write a store of pages.yaml, floors/F1.yaml and further floors, and return its reader."""
    floors = {f"floors/{name}.yaml": content for name, content in {"F1": floor, **more}.items()}
    return StoreFiles(write(parent / "store", {"pages.yaml": pages, **floors}), SHANGHAI)


def problems_in(folder: Path) -> list[Problem]:
    """Read the gateway.yaml in the folder, or else the store in it."""
    if (folder / "gateway.yaml").exists():
        return read_settings(folder / "gateway.yaml")[2]
    return StoreFiles(folder / "store", SHANGHAI).read()[1]


def listed(problems: list[Problem]) -> list[str]:
    """Return the problems in short: `file:line:column code`."""
    return [f"{problem.place} {problem.code}" for problem in problems]


def assert_can_be_said(problem: Problem) -> None:
    """Assert that staff get a whole sentence in either language, and see in it what they wrote."""
    for language in languages():
        sentence = explain(problem, language)
        assert not _PLACEHOLDER.search(sentence), sentence
        assert len(sentence) < 400, sentence
        sentence.encode()  # no half characters: it goes to terminals, logs and pages
        for detail in ("found", "first", "limit"):
            if problem.details.get(detail) and f"{{{detail}}}" in _form(problem, language):
                assert problem.details[detail] in sentence
        if "found" in problem.details:
            assert problem.details["found"] in sentence
        if problem.code.endswith("-near"):
            assert problem.details["near"]
            assert problem.details["near"] in sentence


def assert_chinese_is_chinese(problem: Problem) -> None:
    """Assert that the Chinese sentence leans on no English one. What people wrote themselves may be English."""
    written = {name: "" for name in problem.details if name in {"found", "near", "known", "first"}}
    silent = Problem(problem.place, problem.code, {**problem.details, **written})
    sentence = explain(silent, Language.CHINESE)
    assert not _ENGLISH.search(sentence), sentence


def _form(problem: Problem, language: Language) -> str:
    return explain(Problem(problem.place, problem.code, {name: f"{{{name}}}" for name in problem.details}), language)
