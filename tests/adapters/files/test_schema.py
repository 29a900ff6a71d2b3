"""The published JSON Schemas: valid, and of one mind with the reader."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from beacon_gateway.adapters.files.gateway_file import GATEWAY_FILE
from beacon_gateway.adapters.files.store_files import FLOOR_FILE, PAGES_SHAPE
from beacon_gateway.adapters.files.yaml.shapes import Record
from tests.adapters.files import test_good
from tests.adapters.files.test_faulty import FAULTY, FOLDERS, expected

SHAPES: dict[str, Record[Any]] = {"floor": FLOOR_FILE, "pages": PAGES_SHAPE, "gateway": GATEWAY_FILE}
FAULTLESS = [folder for folder in FOLDERS if not expected(folder)]


def check(shape: str, text: str) -> None:
    Draft202012Validator(SHAPES[shape].schema()).validate(yaml.safe_load(text))


@pytest.mark.parametrize("shape", SHAPES)
def test_each_schema_is_a_valid_one(shape: str) -> None:
    Draft202012Validator.check_schema(SHAPES[shape].schema())


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("floor", test_good.FLOOR_FILE),
        ("pages", test_good.PAGES_FILE),
        ("gateway", test_good.GATEWAY_FILE),
        ("gateway", "gateway: f6-east\nfloor: F6\n"),
        ("floor", "floor: F6\n"),
        ("floor", "floor: F6\nbeacons:\n"),
        ("pages", "pages:\n"),
    ],
)
def test_good_files_are_accepted(shape: str, text: str) -> None:
    check(shape, text)


@pytest.mark.parametrize("folder", FAULTLESS)
def test_what_the_reader_accepts_the_schema_accepts(folder: str) -> None:
    store: Path = FAULTY / folder / "store"
    check("pages", (store / "pages.yaml").read_text(encoding="utf-8-sig"))
    check("floor", (store / "floors" / "F1.yaml").read_text(encoding="utf-8-sig"))


BEACON = "floor: F1\nbeacons:\n  door: {major: 1, minor: 2"


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("floor", "name: A馆一楼\n"),
        ("floor", "floor: F1\ncolour: red\n"),
        ("floor", "floor: 一楼\n"),
        ("floor", "floor: F1\nuuid: FDA50693\n"),
        ("floor", "floor: F1\nbeacons: [door]\n"),
        ("floor", "floor: F1\nbeacons:\n  door: {major: 1}\n"),
        ("floor", "floor: F1\nbeacons:\n  door: {major: 70000, minor: 1}\n"),
        ("floor", "floor: F1\nbeacons:\n  door: {major: '1', minor: 1}\n"),
        ("floor", "floor: F1\nbeacons:\n  North_Door: {major: 1, minor: 1}\n"),
        ("floor", BEACON + ", protect: 'yes'}\n"),
        ("floor", BEACON + ", pages: members-day}\n"),
        ("floor", BEACON + ", timeout: ten minutes}\n"),
        ("floor", BEACON + ", pages: [true]}\n"),
        ("floor", BEACON + ", schedule: [{from: 2026-11-24 10:00, pages: []}]}\n"),
        ("floor", BEACON + ", schedule: [{from: tomorrow, until: 2026-11-24 10:00, pages: []}]}\n"),
        ("pages", "{}\n"),
        ("pages", "pages: []\n"),
        ("pages", "pages:\n  a: {wechat_page_id: 0}\n"),
        ("pages", "pages:\n  a: {titel: 春季}\n"),
        ("pages", "pages:\n  a: {title: 一二三四五六七八九十一二三}\n"),
        ("gateway", "gateway: a\n"),
        ("gateway", "gateway: a\nfloor: F1\nlanguage: de\n"),
        ("gateway", "gateway: a\nfloor: F1\nhits: {retain: 90 days}\n"),
        ("gateway", "gateway: a\nfloor: F1\nradio: {adapter: hci0}\n"),
        ("gateway", "gateway: a\nfloor: F1\nwechat: {appid: wx01234}\n"),
        ("gateway", "gateway: a\nfloor: F1\nwechat: {secret: abc}\n"),
        ("gateway", "gateway: a\nfloor: F1\nwechat: {brake: {share: 2}}\n"),
        ("gateway", "- gateway\n"),
    ],
)
def test_bad_files_are_refused(shape: str, text: str) -> None:
    with pytest.raises(ValidationError):
        check(shape, text)


@pytest.mark.parametrize("shape", SHAPES)
def test_two_calls_give_equal_schemas_that_share_nothing(shape: str) -> None:
    first, second = SHAPES[shape].schema(), SHAPES[shape].schema()
    first["properties"].clear()
    assert second["properties"]
