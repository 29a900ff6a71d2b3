"""A store to try things on: three floors, 33 beacons and a trolley's tag, their files, and what is in their air."""

import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.simulator.air import Position, Sender, passers_by, standing, walking

WECHAT_UUID: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
"""The one UUID in WeChat's own examples; an account's beacons differ by major and minor."""
APPID: Final = "wx00000000000000de"
CONSOLE_PAGE: Final = "members-day"
NEW_PAGE: Final = "lucky-draw"


_CORNERS: Final = (
    ("entrance", "入口", "welcome", 1.2, 0.5),
    ("escalator-north", "北扶梯口", "spring-sale", 3.0, 4.0),
    ("escalator-south", "南扶梯口", "spring-sale", -3.0, -4.0),
    ("service-desk", "服务台", CONSOLE_PAGE, 0.6, -0.4),
    ("lift", "电梯厅", "welcome", 5.0, -2.0),
    ("cashier", "收银台", CONSOLE_PAGE, -2.0, 1.0),
    ("fitting-room", "试衣间", "new-arrivals", -6.0, 3.0),
    ("window-east", "东橱窗", "new-arrivals", 7.0, 1.0),
    ("window-west", "西橱窗", "new-arrivals", -7.0, -1.0),
    ("cafe", "咖啡角", "coffee-coupon", 4.0, -6.0),
    ("stairs", "楼梯口", "welcome", -4.0, 6.0),
)
FLOORS: Final = (("F1", "一楼 化妆品"), ("F2", "二楼 女装"), ("F3", "三楼 男装"))
DYING: Final = ("F3", "cafe")
REASSIGNED: Final = ("F2", "escalator-north")

_PAGES: Final = {
    "welcome": ("欢迎光临", "今日活动一览", "welcome"),
    "spring-sale": ("春季新品", "全场八折起", "spring"),
    "new-arrivals": ("新品上架", "本周新到", "new"),
    "coffee-coupon": ("咖啡券", "第二杯半价", "coffee"),
    NEW_PAGE: ("幸运抽奖", "摇一摇有礼", "draw"),
}


def key_of(floor: int, number: int) -> BeaconKey:
    return BeaconKey(WECHAT_UUID, 10001 + floor, number + 1)


TAG: Final = BeaconKey(WECHAT_UUID, 10090, 1)


def all_keys() -> Iterator[BeaconKey]:
    """Return every beacon of the store, the tag included."""
    for floor in range(len(FLOORS)):
        for number in range(len(_CORNERS)):
            yield key_of(floor, number)
    yield TAG


def beacons_of(floor: int) -> list[tuple[BeaconKey, str]]:
    """Return the beacons that hang on a floor, each with its name in the files."""
    return [(key_of(floor, number), slug) for number, (slug, *_) in enumerate(_CORNERS)]


def write_files(folder: Path, *, console_page_id: int, api_base: str, web: str = "off") -> list[Path]:
    """Write the store's folder and one gateway.yaml a floor; return those.

    The first gateway is the account's writer, and has its pages at the address `web`.
    """
    store = folder / "store"
    (store / "floors").mkdir(parents=True)
    (store / "icons").mkdir()
    lines = ["pages:"]
    for hue, (slug, (title, description, path)) in enumerate(_PAGES.items()):
        (store / "icons" / f"{slug}.png").write_bytes(draw_icon(hue))
        lines += [
            f"  {slug}:",
            f"    title: {title}",
            f"    description: {description}",
            f"    url: https://h5.example.com/{path}",
            f"    icon: icons/{slug}.png",
        ]
    lines += [f"  {CONSOLE_PAGE}:", f"    wechat_page_id: {console_page_id}", ""]
    (store / "pages.yaml").write_text("\n".join(lines), encoding="utf-8")
    gateways = []
    for floor, (slug, name) in enumerate(FLOORS):
        (store / "floors" / f"{slug}.yaml").write_text(_floor_file(floor, slug, name), encoding="utf-8")
        gateways.append(folder / f"{slug.lower()}.yaml")
        account = f"wechat: {{appid: {APPID}, api_base: '{api_base}', drift_every: 10s}}\n" if floor == 0 else ""
        pages = f"web: {{listen: '{web}'}}\n" if floor == 0 and web != "off" else "web: {listen: off}\n"
        folders = f"state: state/{slug}\nruntime: run/{slug}\nhits: {{commit_every: 1s}}\n"
        gateways[-1].write_text(
            f"gateway: {slug.lower()}-pi\nfloor: {slug}\n{folders}{pages}{account}", encoding="utf-8"
        )
    return gateways


def reassign(folder: Path) -> tuple[str, str, str]:
    """Edit a floor file as staff would: one beacon gets another page. Return floor, beacon and page."""
    floor, beacon = REASSIGNED
    path = folder / "store" / "floors" / f"{floor}.yaml"
    text = path.read_text(encoding="utf-8")
    head, found, tail = text.partition(f"  {beacon}:\n")
    if not found:
        raise LookupError(beacon)
    path.write_text(head + found + tail.replace("[spring-sale]", f"[{NEW_PAGE}]", 1), encoding="utf-8")
    return floor, beacon, NEW_PAGE


def senders(rng: random.Random) -> list[Sender]:
    """Return what is in the air: the store's beacons, the tag on its way up, passers-by, a sender of broken frames."""
    air: list[Sender] = []
    for floor, (slug, _) in enumerate(FLOORS):
        for number, (corner, _, _, x, y) in enumerate(_CORNERS):
            air.append(
                Sender(
                    {APPLE_COMPANY_ID: Frame(key_of(floor, number), -59).payload()},
                    interval=rng.choice((0.35, 0.5, 0.7, 1.0)),
                    where=standing(Position(x, y, floor)),
                    dies_after=8.0 if (slug, corner) == DYING else float("inf"),
                )
            )
    way = [(0.0, Position(2, 2, 0)), (12.0, Position(8, 8, 0)), (18.0, Position(8, 8, 1)), (30.0, Position(2, 1, 1))]
    way += [(36.0, Position(8, 8, 2)), (48.0, Position(1, 2, 2))]
    air.append(Sender({APPLE_COMPANY_ID: Frame(TAG, -59).payload()}, interval=0.35, where=walking(way)))
    broken = Frame(BeaconKey(WECHAT_UUID, 1, 1), -59).payload()[:17]
    air.append(Sender({APPLE_COMPANY_ID: broken}, interval=1.0, where=standing(Position(1, 1, 0))))
    air += passers_by(30, rng, len(FLOORS))
    return air


def _floor_file(floor: int, slug: str, name: str) -> str:
    lines = [f"floor: {slug}", f"name: {name}", f"uuid: {str(WECHAT_UUID).upper()}", "beacons:"]
    for number, (corner, label, page, _, _) in enumerate(_CORNERS):
        key = key_of(floor, number)
        lines += [
            f"  {corner}:",
            f"    name: {label}",
            f"    major: {key.major}",
            f"    minor: {key.minor}",
            f"    pages: [{page}]",
        ]
    if floor == 0:
        lines += ["  trolley-tag:", "    name: 手推车", f"    major: {TAG.major}", f"    minor: {TAG.minor}"]
        lines += ["    mobile: true          # its hits name the floor on which it was heard"]
    return "\n".join([*lines, ""])


def draw_icon(hue: int) -> bytes:
    """Draw a plain square of 120 by 120 as PNG."""
    colour = bytes((40 + hue * 40 % 200, 90 + hue * 70 % 150, 200 - hue * 30 % 180))
    pixels = zlib.compress((b"\0" + colour * 120) * 120)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 120, 120, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
