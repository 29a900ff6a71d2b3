"""Shape of a level or a difference of levels: whole dB or dBm, with a sign."""

import re
from typing import Final

from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import ScalarNode, shorten
from beacon_gateway.adapters.files.yaml.scalars import Scalar
from beacon_gateway.adapters.files.yaml.shapes import Schema
from beacon_gateway.core.model.proximity import PLAUSIBLE_POWER
from beacon_gateway.core.text.odd_characters import as_ascii, first_typed_otherwise

_FORM: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,2})")
_WITH_UNIT: Final = re.compile(r"([+-]?)\s*0*([0-9]{1,3})(?:[.,]0+)?\s*(?:dBm?)?", re.IGNORECASE)
"""As people write it: with its unit, a blank after the sign, or decimals that say nothing."""


class Decibels(Scalar[int]):
    """A whole number within limits, both included."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def accept(self, text: str, node: ScalarNode, document: Document) -> int | None:
        if node.is_plain and _FORM.fullmatch(text) and self._fits(int(text)):
            return int(text)
        mark = first_typed_otherwise(text)
        if node.is_plain and mark and _FORM.fullmatch(as_ascii(text)):
            document.report_character(document.place_of(node, mark), mark, text)
            return None
        near = self._near(text)
        limits = {"low": str(self._low), "high": str(self._high)}
        document.refuse(
            node, text, "value.whole-near" if near else "value.whole", found=shorten(text), near=near, **limits
        )
        return None

    def _near(self, text: str) -> str:
        """Return what was probably meant, "" where that cannot be said: without its unit, or with the sign left out."""
        found = _WITH_UNIT.fullmatch(as_ascii(text).strip())
        if found is None:
            return ""
        number = int(found[1] + found[2])
        meant = number if self._fits(number) or found[1] else -number
        return str(meant) if self._fits(meant) else ""

    def _fits(self, number: int) -> bool:
        return self._low <= number <= self._high

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self._low, "maximum": self._high}


RECEIVER_OFFSET: Final = Decibels(-30, 30)
"""dB between two receivers: another chip, an antenna, a housing of metal. More is another place."""
MEASURED_POWER: Final = Decibels(PLAUSIBLE_POWER[0], PLAUSIBLE_POWER[-1])
"""dBm at 1 m, within what is believed of a frame."""
