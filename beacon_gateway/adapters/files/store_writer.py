"""An account's outline as a new store folder: pages.yaml, floors/*.yaml and icons/, with comments for its readers."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from beacon_gateway.adapters.files.icons import MAX_READ_ICON_BYTES
from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.scalars import URL, Text
from beacon_gateway.adapters.files.yaml.shapes import Shape
from beacon_gateway.adapters.files.yaml.yaml_tree import parse
from beacon_gateway.adapters.files.yaml.yaml_words import comment, scalar
from beacon_gateway.core.files.file_names import FLOORS_FOLDER, PAGES_FILE
from beacon_gateway.core.files.inventory import ListedPage
from beacon_gateway.core.files.outline import Outline, OutlinedBeacon, OutlinedFloor, OutlinedPage
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import DESCRIPTION_WIDTH, TITLE_WIDTH
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.text.odd_characters import without_unseen

MAX_TITLES_IN_COMMENT: Final = 3
"""Of a beacon's pages, in the comment beside them."""
MAX_BEACON_NAME_CHARACTERS: Final = 60
"""Characters of a beacon's name: twice what WeChat takes as a comment."""


def is_new(folder: Path) -> bool:
    """True if nothing would be overwritten there: it does not exist, or is an empty folder. Raises OSError."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def can_be_written(page: ListedPage) -> bool:
    """True if the files may hold a page's title, description and address, by their reader's own rules."""
    return (
        _reads_back(Text(width=TITLE_WIDTH), page.title)
        and _reads_back(Text(width=DESCRIPTION_WIDTH), page.description)
        and _reads_back(URL, page.url)
    )


def _reads_back(shape: Shape[Any], text: str) -> bool:
    document = Document("")
    parse(scalar(text).encode("utf-8"), document)
    return document.root is not None and shape.read(document.root, document) == text and not document.problems


class StoreWriter:
    """Writes one new folder, whole or not at all."""

    def __init__(self, folder: Path, language: Language, *, trouble: Mapping[int, str], account: str) -> None:
        """`trouble` says of pages without an icon why there is none, `account` where all this comes from."""
        self.folder = folder
        self._language, self._trouble, self._account = language, trouble, account
        self.fresh = folder.with_name(f".{folder.name}.new")
        """Where the files are until `keep`."""

    def write(self, outline: Outline) -> None:
        """Write everything beside the folder. Raises OSError."""
        shutil.rmtree(self.fresh, ignore_errors=True)
        (self.fresh / FLOORS_FOLDER).mkdir(parents=True)
        (self.fresh / "icons").mkdir()
        for outlined in outline.pages:
            if outlined.icon and len(outlined.icon.content) <= MAX_READ_ICON_BYTES:
                (self.fresh / outlined.icon_path).write_bytes(outlined.icon.content)
        self._put(PAGES_FILE, self._pages_file(outline.pages))
        for floor in outline.floors:
            self._put(f"{FLOORS_FOLDER}/{floor.slug}.yaml", "\n".join([*self._floor(floor), ""]))

    def keep(self) -> None:
        """Put the folder in its place. Raises OSError if something has come to stand there meanwhile."""
        self.fresh.rename(self.folder)

    def discard(self) -> None:
        """Take away what was not kept."""
        shutil.rmtree(self.fresh, ignore_errors=True)

    def _put(self, path: str, text: str) -> None:
        (self.fresh / path).write_text(text, encoding="utf-8", newline="\n")

    def _pages_file(self, pages: tuple[OutlinedPage, ...]) -> str:
        """Return pages.yaml; of very many pages only the titles are written, so that the file can still be read."""
        head = [f"# {line}" for line in self._say("import.pages-head", account=self._account).splitlines()]
        for told in (3, 1, 0):
            lines = [*head, "", "pages:"]
            for outlined in pages:
                lines += self._own_page(outlined) if outlined.own else self._console_page(outlined, told)
            text = "\n".join([*lines, ""])
            if len(text.encode()) <= MAX_FILE_BYTES:
                break
        return text

    def _own_page(self, outlined: OutlinedPage) -> Iterator[str]:
        page = outlined.page
        yield f"  {scalar(outlined.slug)}:  # wechat_page_id {page.number}"
        yield f"    title: {scalar(page.title)}"
        yield f"    description: {scalar(page.description)}"
        yield f"    url: {scalar(page.url)}"
        yield f"    icon: {outlined.icon_path}"

    def _console_page(self, outlined: OutlinedPage, told: int) -> Iterator[str]:
        """Return an entry; `told` is how many lines of comment it may have."""
        page = outlined.page
        icon = outlined.icon_path or self._say(
            "import.no-icon", why=self._trouble.get(page.number, "?"), address=page.icon_url or "-"
        )
        about = [f"{page.title} · {page.description}", page.url, self._say("import.icon", icon=icon)]
        for line in about[:told]:
            yield f"  # {comment(line)}".rstrip()
        yield f"  {scalar(outlined.slug)}:"
        yield f"    wechat_page_id: {page.number}"

    def _floor(self, floor: OutlinedFloor) -> Iterator[str]:
        majors = ", ".join(map(str, floor.majors[:10])) + (" …" if len(floor.majors) > 10 else "")  # noqa: PLR2004 - as many as fit a line
        phrase = "import.floor-head" if floor.beacons else "import.floor-empty"
        for line in self._say(phrase, account=self._account, majors=majors).splitlines():
            yield f"# {line}".rstrip()
        yield ""
        yield f"floor: {scalar(floor.slug)}"
        if floor.uuid is None:
            yield "beacons:"
            return
        yield f"uuid: {str(floor.uuid).upper()}"
        yield "beacons:"
        for outlined in floor.beacons:
            yield from self._beacon(outlined, floor.uuid)

    def _beacon(self, outlined: OutlinedBeacon, uuid: UUID) -> Iterator[str]:
        beacon = outlined.beacon
        yield f"  {scalar(outlined.slug)}:"
        if name := without_unseen(comment(beacon.comment)[:MAX_BEACON_NAME_CHARACTERS]).strip():
            yield f"    name: {scalar(name)}"
        if beacon.key.uuid != uuid:
            yield f"    uuid: {str(beacon.key.uuid).upper()}"
        yield f"    major: {beacon.key.major}"
        yield f"    minor: {beacon.key.minor}"
        slugs = ", ".join(scalar(shown.slug) for shown in outlined.pages)
        titles = [title for shown in outlined.pages[:MAX_TITLES_IN_COMMENT] if (title := comment(shown.page.title))]
        more = " …" if len(outlined.pages) > MAX_TITLES_IN_COMMENT else ""
        yield f"    pages: [{slugs}]" + (f"  # {' · '.join(titles)}{more}" if titles else "")

    def _say(self, phrase: str, **details: object) -> str:
        return say(phrase, self._language, **details)
