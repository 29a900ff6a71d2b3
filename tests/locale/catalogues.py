"""The catalogues as translators write them (.po), and what they are compiled to (.mo)."""

import struct
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final, TypeAlias

from babel.messages.pofile import read_po

import beacon_gateway

LOCALE: Final = Path(beacon_gateway.__file__).parent / "locale"
FILE: Final = "LC_MESSAGES/messages.po"
MAGIC: Final = 0x950412DE
HEADER_BYTES: Final = 28
FOLDERS: Final = sorted(path.parents[1].name for path in LOCALE.glob(f"*/{FILE}"))

Forms: TypeAlias = tuple[str, ...]
"""What an entry says; of a number, in each plural form."""


def entries(folder: str) -> dict[str, Forms]:
    """Return what stands in a catalogue, by id. Raise ValueError for an entry without a text, fuzzy or twice."""
    return read((LOCALE / folder / FILE).read_bytes())


def read(content: bytes) -> dict[str, Forms]:
    found: dict[str, Forms] = {}
    for message in read_po(BytesIO(content), abort_invalid=True):
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if not all(forms) or not forms or message.fuzzy or content.count(f'\nmsgid "{name}"\n'.encode()) != 1:
            raise ValueError(name)
        found[name] = forms
    return found


def compiled(content: bytes) -> bytes:
    """Return the .mo of a .po: nothing in it but what the .po says, so it is the same each time."""
    texts = {name: "\0".join(forms) for name, forms in read(content).items()}
    plural = {name for name in texts if f'\nmsgid_plural "{name}"\n'.encode() in content}
    pairs = sorted((f"{name}\0{name}" if name in plural else name, text) for name, text in texts.items())
    encoded = [(name.encode(), text.encode()) for name, text in [("", _header(content)), *pairs]]
    at = HEADER_BYTES + 16 * len(encoded)
    tables, strings = [b"", b""], b""
    for column in range(2):
        for pair in encoded:
            tables[column] += struct.pack("<2I", len(pair[column]), at + len(strings))
            strings += pair[column] + b"\0"
    starts = (HEADER_BYTES, HEADER_BYTES + 8 * len(encoded))
    return struct.pack("<7I", MAGIC, 0, len(encoded), *starts, 0, at) + tables[0] + tables[1] + strings


def _header(content: bytes) -> str:
    lines = content.decode().partition("\n\n")[0].splitlines()
    return "".join(line[1:-1].replace("\\n", "\n") for line in lines if line.startswith('"'))


def placeholders(text: str) -> set[tuple[str, str]]:
    """Return the names in braces with their format; a number's noun is the language's own affair.

    A character's name is `{name}`, and `{chinese}` is the same in Chinese.
    """
    fields = [(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name]
    return {("name" if name == "chinese" else name, "" if spec.startswith("count.") else spec) for name, spec in fields}


def nouns(text: str) -> set[str]:
    """Return the entries that a text names for its numbers."""
    return {spec for _, _, spec, _ in Formatter().parse(text) if spec and spec.startswith("count.")}
