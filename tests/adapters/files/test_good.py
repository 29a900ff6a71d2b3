"""What is written well is read as exactly that."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.files.revision import revision_of
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.problems import SourcePosition, is_sound
from beacon_gateway.core.model.settings import (
    ApplyPolicy,
    DriftPolicy,
    HitSettings,
    Language,
    RadioSettings,
    Role,
    ScanMode,
    Settings,
    WeChatSettings,
)
from beacon_gateway.core.model.store import BatterySource, Beacon, ConsolePage, Floor, OwnPage, Slot, Store
from tests.adapters.files.folders import FLOOR, FLOOR_HEAD, PAGES, PNG, SHANGHAI, UUID_TEXT, store_folder, write

GATEWAY_FILE = """\
# gateway.yaml
gateway: f6-east              # this Pi's name, unique in the store
floor: F6                     # the floor on which it hangs
timezone: Asia/Shanghai
language: zh                  # messages for staff: zh or en
clock: checked                # or trusted
store: store/                 # relative to this file
radio: {adapter: auto, mode: active}
wechat:
  appid: wx0123456789abcdef
  api_base: https://api.weixin.qq.com
  role: writer                # writer, reader or off: exactly one writer for each account
  apply: auto
  drift: report               # report or repair
  drift_every: 15m
  brake: {beacons: 5, share: 0.3}           # stop above both
hits: {retain: 90d, commit_every: 5s, zones: on}
"""
PAGES_FILE = """\
# store/pages.yaml
pages:
  spring-sale:
    title: 春季新品            # at most 6 汉字 or 12 letters: display width 12
    description: 全场八折起     # display width 14
    url: https://h5.example.com/spring
    icon: icons/spring.png
  members-day:
    wechat_page_id: 50054     # made in WeChat's console: bound, never edited
"""
FLOOR_FILE = f"""\
# store/floors/F6.yaml
floor: F6
name: A馆六楼
uuid: {UUID_TEXT}   # for every beacon of the file that names none
beacons:
  escalator-north:
    name: 北扶梯口
    major: 10006
    minor: 1
    pages: [spring-sale]
    schedule:                                  # wins over `pages` while it runs; store time zone
      - {{from: 2026-11-24 10:00, until: 2026-11-24 22:00, pages: [members-day]}}
  service-desk:
    name: 服务台
    major: 10006
    minor: 2
    pages: []                                  # explicitly none
    protect: true                              # never unbound or rebound without --force
"""
EXAMPLES: dict[str, str | bytes] = {
    "pages.yaml": PAGES_FILE,
    "floors/F6.yaml": FLOOR_FILE,
    "icons/spring.png": PNG,
}
NORTH = BeaconKey(UUID(UUID_TEXT), 10006, 1)
DESK = BeaconKey(UUID(UUID_TEXT), 10006, 2)
EXPECTED_STORE = Store(
    floors={"F6": Floor("F6", "A馆六楼")},
    beacons={
        NORTH: Beacon(
            key=NORTH,
            slug="escalator-north",
            name="北扶梯口",
            floor="F6",
            pages=("spring-sale",),
            schedule=(
                Slot(
                    datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI),
                    datetime(2026, 11, 24, 22, 0, tzinfo=SHANGHAI),
                    ("members-day",),
                ),
            ),
        ),
        DESK: Beacon(key=DESK, slug="service-desk", name="服务台", floor="F6", pages=(), protect=True),
    },
    pages={
        "spring-sale": OwnPage(
            slug="spring-sale",
            title="春季新品",
            description="全场八折起",
            url="https://h5.example.com/spring",
            icon="icons/spring.png",
            icon_digest=hashlib.sha256(PNG).hexdigest(),
        ),
        "members-day": ConsolePage("members-day", 50054),
    },
)


def settings_of(folder: Path, text: str) -> Settings:
    settings, _, problems = read_settings(write(folder, {"gateway.yaml": text}) / "gateway.yaml")
    assert problems == []
    assert settings is not None
    return settings


def one_beacon(folder: Path, lines: str) -> Beacon:
    """Read a floor of one beacon: major and minor, and the given lines."""
    floor = FLOOR_HEAD + "  door:\n    major: 1\n    minor: 2\n" + lines
    store, problems = store_folder(folder, floor=floor).read()
    assert problems == []
    (beacon,) = store.beacons.values()
    return beacon


def test_the_examples_of_the_documents_are_read_as_they_say(tmp_path: Path) -> None:
    store, problems = StoreFiles(write(tmp_path / "store", EXAMPLES), SHANGHAI).read()
    assert problems == []
    assert replace(store, revision="") == EXPECTED_STORE
    assert len(store.revision) == 12


def test_pages_and_beacons_keep_the_order_of_the_files(tmp_path: Path) -> None:
    store, _ = StoreFiles(write(tmp_path / "store", EXAMPLES), SHANGHAI).read()
    assert list(store.pages) == ["spring-sale", "members-day"]
    assert list(store.beacons) == [NORTH, DESK]


def test_the_example_gateway_file_is_read_as_it_says(tmp_path: Path) -> None:
    assert settings_of(tmp_path, GATEWAY_FILE) == Settings(
        gateway="f6-east",
        floor="F6",
        store=tmp_path / "store",
        state=Path("/var/lib/beacon-gateway"),
        runtime=Path("/run/beacon-gateway"),
        timezone=ZoneInfo("Asia/Shanghai"),
        language=Language.CHINESE,
        radio=RadioSettings(adapter=None, mode=ScanMode.ACTIVE),
        wechat=WeChatSettings(
            appid="wx0123456789abcdef",
            api_base="https://api.weixin.qq.com",
            role=Role.WRITER,
            apply=ApplyPolicy.AUTO,
            drift=DriftPolicy.REPORT,
            drift_every=timedelta(minutes=15).total_seconds(),
            brake=Brake(beacons=5, share=0.3),
        ),
        hits=HitSettings(retain=timedelta(days=90).total_seconds(), commit_every=5.0, zones=True),
    )


def test_the_place_of_the_floor_is_kept_for_what_does_not_fit_it(tmp_path: Path) -> None:
    write(tmp_path, {"gateway.yaml": GATEWAY_FILE})
    assert read_settings(tmp_path / "gateway.yaml")[1] == SourcePosition("gateway.yaml", 3, 8)


def test_everything_but_gateway_and_floor_has_a_default(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "gateway: f6-east\nfloor: F6\n") == Settings(
        gateway="f6-east",
        floor="F6",
        store=tmp_path / "store",
        state=Path("/var/lib/beacon-gateway"),
        runtime=Path("/run/beacon-gateway"),
    )


def test_the_example_says_nothing_but_the_defaults(tmp_path: Path) -> None:
    said = settings_of(tmp_path, GATEWAY_FILE)
    short = settings_of(tmp_path, "gateway: f6-east\nfloor: F6\nwechat: {appid: wx0123456789abcdef}\n")
    assert said == short


def test_changes_of_zone_need_not_be_logged(tmp_path: Path) -> None:
    assert not settings_of(tmp_path, "gateway: f6-east\nfloor: F6\nhits: {zones: off}\n").hits.zones


def test_without_an_appid_only_hits_are_logged(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "gateway: f6-east\nfloor: F6\nwechat: {drift: repair}\n").wechat is None


def test_role_off_is_no_account_at_all(tmp_path: Path) -> None:
    text = "gateway: f6-east\nfloor: F6\nwechat: {appid: wx0123456789abcdef, role: off}\n"
    assert settings_of(tmp_path, text).wechat is None


def test_what_is_said_for_wechat_is_kept_and_the_rest_defaults(tmp_path: Path) -> None:
    text = (
        "gateway: f6-east\nfloor: F6\nwechat: {appid: wx0123456789abcdef, role: reader, apply: manual, drift: repair}\n"
    )
    assert settings_of(tmp_path, text).wechat == WeChatSettings(
        "wx0123456789abcdef", role=Role.READER, apply=ApplyPolicy.MANUAL, drift=DriftPolicy.REPAIR
    )


@pytest.mark.parametrize("share", ["0", "1", "0.3", ".5", "1.0"])
def test_a_share_is_any_number_from_0_to_1(share: str, tmp_path: Path) -> None:
    text = f"gateway: a\nfloor: F6\nwechat: {{appid: wx0123456789abcdef, brake: {{share: {share}}}}}\n"
    wechat = settings_of(tmp_path, text).wechat
    assert wechat is not None
    assert wechat.brake == Brake(share=float(share))


@pytest.mark.parametrize(("text", "seconds"), [("5s", 5.0), ("15m", 900.0), ("12h", 43_200.0), ("90d", 7_776_000.0)])
def test_durations_are_seconds(text: str, seconds: float, tmp_path: Path) -> None:
    assert settings_of(tmp_path, f"gateway: a\nfloor: F6\nhits: {{retain: {text}}}\n").hits.retain == seconds


def test_an_adapter_is_its_address_however_it_is_typed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "gateway: a\nfloor: F6\nradio: {adapter: b8:27:eb:12:34:56, mode: passive}\n")
    assert settings.radio == RadioSettings("B8:27:EB:12:34:56", ScanMode.PASSIVE)


@pytest.mark.parametrize(("written", "decibels"), [("-6", -6), ("+6", 6), ("0", 0), ("30", 30), ("-30", -30)])
def test_a_receiver_may_have_an_offset(written: str, decibels: int, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, f"gateway: a\nfloor: F6\nradio: {{offset: {written}}}\n")
    assert settings.radio == RadioSettings(offset=decibels)


def test_paths_start_at_the_file_unless_they_start_at_the_root(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "gateway: a\nfloor: F6\nstore: ../elsewhere\nstate: /srv/state\n")
    assert settings.store == tmp_path / "../elsewhere"
    assert settings.state == Path("/srv/state")


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "y", "true", "12:30", "010", "1e3", "0x1F", "1_000", ".5"])
def test_words_that_yaml_would_turn_into_something_else_stay_text(word: str, tmp_path: Path) -> None:
    assert one_beacon(tmp_path, f"    name: {word}\n").name == word


@pytest.mark.parametrize("word", ["2026-11-24", "=", "<<", "-1", "北门 #2", "A:B", "“正门”", "'正门'", '"~"', "'null'"])
def test_names_are_taken_as_typed_without_their_quotes(word: str, tmp_path: Path) -> None:
    assert one_beacon(tmp_path, f"    name: {word}\n").name == word.partition(" #")[0].strip("'\"")


def test_titles_that_yaml_would_turn_into_something_else_stay_text(tmp_path: Path) -> None:
    own = "title: 010, description: 12:30, url: https://h5.example.com/, icon: icons/1.png"
    pages = f"pages:\n  on: {{{own}}}\n"
    files = store_folder(tmp_path, pages=pages, floor=FLOOR_HEAD)
    write(files.folder, {"icons/1.png": PNG})
    store, problems = files.read()
    assert problems == []
    page = store.pages["on"]
    assert isinstance(page, OwnPage)
    assert (page.slug, page.title, page.description) == ("on", "010", "12:30")


def test_a_page_may_be_called_on_and_be_shown_by_that_name(tmp_path: Path) -> None:
    floor = FLOOR_HEAD + "  no:\n    major: 1\n    minor: 2\n    pages: [on]\n"
    store, problems = store_folder(tmp_path, pages="pages:\n  on: {wechat_page_id: 7}\n", floor=floor).read()
    assert problems == []
    assert [(beacon.slug, beacon.pages) for beacon in store.beacons.values()] == [("no", ("on",))]


@pytest.mark.parametrize("number", ["0", "1", "65535"])
def test_majors_go_from_0_to_65535(number: str, tmp_path: Path) -> None:
    floor = FLOOR_HEAD + f"  door: {{major: {number}, minor: {number}}}\n"
    store, problems = store_folder(tmp_path, floor=floor).read()
    assert problems == []
    assert list(store.beacons) == [BeaconKey(UUID(UUID_TEXT), int(number), int(number))]


def test_a_beacon_that_says_only_who_it_is_leaves_its_pages_to_others(tmp_path: Path) -> None:
    key = BeaconKey(UUID(UUID_TEXT), 1, 2)
    assert one_beacon(tmp_path, "") == Beacon(key=key, slug="door", name="door", floor="F1")


def test_a_beacon_may_have_a_uuid_of_its_own_in_small_letters(tmp_path: Path) -> None:
    own = "00000000-a4e2-4fb1-afcf-c6eb07647825"
    assert one_beacon(tmp_path, f"    uuid: {own}\n").key.uuid == UUID(own)


def test_a_page_named_twice_for_a_beacon_is_shown_once(tmp_path: Path) -> None:
    floor = FLOOR_HEAD + "  door: {major: 1, minor: 2, pages: [members-day, members-day]}\n"
    store, _ = store_folder(tmp_path, floor=floor).read()
    assert [beacon.pages for beacon in store.beacons.values()] == [("members-day",)]


def test_slots_come_in_order_of_time_however_they_are_written(tmp_path: Path) -> None:
    slots = "".join(
        f"      - {{from: 2026-11-{day} 10:00, until: 2026-11-{day} 22:00, pages: []}}\n" for day in (26, 24, 25)
    )
    beacon = one_beacon(tmp_path, "    schedule:\n" + slots)
    assert [slot.start.day for slot in beacon.schedule] == [24, 25, 26]
    assert {slot.start.tzinfo for slot in beacon.schedule} == {SHANGHAI}


def test_a_time_may_have_a_t_or_quotes(tmp_path: Path) -> None:
    slots = "    schedule: [{from: 2026-11-24T10:00, until: '2026-11-24 22:00', pages: []}]\n"
    (slot,) = one_beacon(tmp_path, slots).schedule
    assert (slot.start.hour, slot.end.hour) == (10, 22)


def test_a_tag_that_is_carried_about_is_so_declared(tmp_path: Path) -> None:
    assert one_beacon(tmp_path, "    mobile: true\n    protect: false\n").mobile


@pytest.mark.parametrize(("written", "seconds"), [("30s", 30.0), ("10m", 600.0), ("24h", 86400.0), ("1d", 86400.0)])
def test_a_beacon_may_have_a_time_out_of_its_own(written: str, seconds: float, tmp_path: Path) -> None:
    assert one_beacon(tmp_path, f"    timeout: {written}\n").timeout == seconds


@pytest.mark.parametrize(("written", "power"), [("-59", -59), ("-100", -100), ("-20", -20)])
def test_a_beacon_may_have_a_measured_power_that_its_frames_do_not_say(
    written: str, power: int, tmp_path: Path
) -> None:
    assert one_beacon(tmp_path, f"    measured_power: {written}\n").measured_power == power


def test_a_measured_power_changes_what_the_files_mean(tmp_path: Path) -> None:
    door = FLOOR_HEAD + "  door:\n    major: 1\n    minor: 2\n"
    stated = [door, door + "    measured_power: -59\n", door + "    measured_power: -65\n"]
    revisions = {store_folder(tmp_path / str(len(floor)), floor=floor).read()[0].revision for floor in stated[:2]}
    revisions.add(store_folder(tmp_path / "other", floor=stated[2]).read()[0].revision)
    assert len(revisions) == 3


def test_what_says_the_battery_is_the_floors_word_or_the_beacons_own(tmp_path: Path) -> None:
    floor = FLOOR_HEAD.replace("beacons:", "battery: trailing-byte\nbeacons:")
    floor += "  door:\n    major: 1\n    minor: 2\n  desk:\n    major: 1\n    minor: 3\n    battery: tlm\n"
    store, problems = store_folder(tmp_path, floor=floor).read()
    assert not problems
    assert [beacon.battery for beacon in store.beacons.values()] == [BatterySource.TRAILING_BYTE, BatterySource.TLM]
    silent = store_folder(tmp_path / "other", floor=floor.replace("battery: trailing-byte\n", "")).read()[0]
    assert {beacon.battery for beacon in silent.beacons.values()} == {BatterySource.TLM}
    assert store.revision != silent.revision


def test_files_that_state_no_power_keep_the_revision_that_they_had_before_there_was_one() -> None:
    """An upgrade must not look like an edit."""
    key = BeaconKey(UUID(UUID_TEXT), 10006, 1)
    door = Beacon(key, "door", "门", "F6", ("welcome",), timeout=60.0)
    pages = {"welcome": ConsolePage("welcome", 7)}
    assert revision_of({"F6": Floor("F6", "六楼")}, {key: door}, pages) == "afcf06ab7612"


@pytest.mark.parametrize("nothing", ["pages:\n", "pages: {}\n"])
def test_a_store_may_have_no_pages_yet(nothing: str, tmp_path: Path) -> None:
    store, problems = store_folder(tmp_path, pages=nothing, floor=FLOOR_HEAD).read()
    assert problems == []
    assert not store.pages
    assert list(store.floors) == ["F1"]


def test_a_floor_may_have_no_beacons_and_no_name(tmp_path: Path) -> None:
    store, problems = store_folder(tmp_path, floor="floor: F1\n").read()
    assert problems == []
    assert store.floors == {"F1": Floor("F1", "F1")}


def test_floor_files_may_end_in_yml(tmp_path: Path) -> None:
    files = write(tmp_path / "store", {"pages.yaml": PAGES, "floors/F1.yml": "floor: F1\n"})
    store, problems = StoreFiles(files, SHANGHAI).read()
    assert problems == []
    assert list(store.floors) == ["F1"]


def test_thirty_pages_are_as_many_as_wechat_allows(tmp_path: Path) -> None:
    slugs = [f"page-{number}" for number in range(30)]
    pages = "pages:\n" + "".join(f"  {slug}: {{wechat_page_id: {50000 + n}}}\n" for n, slug in enumerate(slugs))
    floor = FLOOR_HEAD + f"  door: {{major: 1, minor: 2, pages: [{', '.join(slugs)}]}}\n"
    store, problems = store_folder(tmp_path, pages=pages, floor=floor).read()
    assert [problem.code for problem in problems] == ["pages.random"]
    assert [beacon.pages for beacon in store.beacons.values()] == [tuple(slugs)]


def revision(files: StoreFiles) -> str:
    store, problems = files.read()
    assert is_sound(problems)
    return store.revision


def test_the_same_meaning_is_the_same_revision_wherever_it_lies_and_however_it_is_written(tmp_path: Path) -> None:
    first, second = store_folder(tmp_path / "a"), store_folder(tmp_path / "b", floor="# saved again\n" + FLOOR)
    assert revision(first) == revision(second)


@pytest.mark.parametrize(
    "name",
    [
        *("floors/._f1.yaml", "floors/.f1.yaml", "floors/#f1.yaml", "floors/~f1.yaml", "floors/F1.yaml~"),
        *("icons/Thumbs.db", "icons/.DS_Store", "icons/unused.png", "desktop.ini", "README.md"),
        *("floors/F1 (1).yaml", "floors/F1 - 副本.yaml", "floors/F1.sync-conflict-20261130-101500-ABCDEFG.yaml"),
    ],
)
def test_what_programs_leave_beside_the_files_is_no_new_revision_and_no_fault(tmp_path: Path, name: str) -> None:
    files = store_folder(tmp_path)
    before = revision(files)
    write(files.folder, {name: FLOOR})
    assert revision(files) == before


def test_all_that_the_files_mean_counts_for_the_revision(tmp_path: Path) -> None:
    page = "  a: {title: a, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files = store_folder(tmp_path)
    revisions = [revision(files)]
    for name, content in (
        ("floors/F2.yaml", b"floor: F2\n"),
        ("floors/F2.yaml", b"floor: F2\nname: two\n"),
        ("icons/a.png", PNG),  # nobody shows it yet
        ("pages.yaml", (PAGES + page).encode()),
        ("icons/a.png", PNG + b"\0"),
        ("floors/F1.yaml", FLOOR.replace("members-day", "a").encode()),
        ("floors/F1.yaml", FLOOR.replace("members-day", "members-day, a").encode()),
    ):
        write(files.folder, {name: content})
        revisions.append(revision(files))
    assert len(set(revisions)) == len(revisions) - 1


@pytest.mark.parametrize(
    ("written", "host", "is_here"),
    [
        ("127.0.0.1:8080", "127.0.0.1", True),
        ("localhost:8080", "localhost", True),
        ('"[::1]:8080"', "::1", True),
        ("0.0.0.0:8080", "0.0.0.0", False),  # noqa: S104 - what people write
        ('"[::]:8080"', "::", False),
        ("192.168.1.5:8080", "192.168.1.5", False),
    ],
)
def test_pages_are_at_any_address_and_it_is_known_who_reaches_it(
    tmp_path: Path, written: str, host: str, is_here: bool
) -> None:
    text = f"gateway: f6-east\nfloor: F6\nweb: {{listen: {written}, names: [Gateway.store.lan]}}\n"
    listen = settings_of(tmp_path, text).web.listen
    assert listen
    assert (listen.host, listen.port, listen.is_of_this_machine) == (host, 8080, is_here)
    assert settings_of(tmp_path, text).web.names == ("gateway.store.lan",)
