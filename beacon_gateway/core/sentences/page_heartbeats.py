"""The heartbeat bars, the printed list and the inspection round."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_HEARTBEATS: Final[Mapping[str, Text]] = {}
