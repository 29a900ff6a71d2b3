"""The heat map page."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_HEAT: Final[Mapping[str, Text]] = {}
