"""A store as large as any: its files as people write them, 1,000 beacons and 50 pages with icons."""

from pathlib import Path
from typing import Final

from tests.pictures import png

FLOORS: Final = 20
BEACONS_OF_A_FLOOR: Final = 50
BEACONS: Final = FLOORS * BEACONS_OF_A_FLOOR
PAGES: Final = 50
ICON_BYTES: Final = 20_000
"""As large as a photograph of 200 by 200 pixels becomes."""


def write_store(folder: Path) -> None:
    texts = {"pages.yaml": pages_file()}
    texts |= {f"floors/F{floor:02}.yaml": floor_file(floor) for floor in range(1, FLOORS + 1)}
    for name in ("floors", "icons"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for page in range(PAGES):
        (folder / "icons" / f"page-{page}.png").write_bytes(png(text=str(page), padding=ICON_BYTES))


def pages_file() -> str:
    return "pages:\n" + "".join(
        f"  page-{page}:\n"
        f"    title: 春季新品{page}\n"
        "    description: 全场八折起\n"
        f"    url: https://h5.example.com/spring/{page}\n"
        f"    icon: icons/page-{page}.png\n"
        for page in range(PAGES)
    )


def floor_file(floor: int) -> str:
    """Return the file of a floor: every beacon has a name and a page, each fifth a schedule."""
    return (
        f"# F{floor:02}\n"
        f"floor: F{floor:02}\n"
        f"name: A馆{floor}楼\n"
        "uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825\n"
        "beacons:\n" + "".join(_beacon(floor, number) for number in range(BEACONS_OF_A_FLOOR))
    )


def _beacon(floor: int, number: int) -> str:
    lines = [
        f"  corner-{number}:",
        f"    name: {number} 号",
        f"    major: {10_000 + floor}",
        f"    minor: {number}",
        f"    pages: [page-{number}]",
    ]
    if number % 5 == 0:
        lines += [
            "    schedule:",
            f"      - {{from: 2026-11-24 10:00, until: 2026-11-24 22:00, pages: [page-{PAGES - 1 - number}]}}",
        ]
    return "\n".join(lines) + "\n"
