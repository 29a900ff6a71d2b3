"""Rows for a spreadsheet: Excel opens them with a click, with Chinese, and reckons with none of the texts."""

import csv
import io
from collections.abc import Iterable
from typing import Final

MARK: Final = "\ufeff"
"""Tells Excel that it is UTF-8."""
_FORMULA: Final = tuple("=+-@＝＋－＠\t\r\n")


def spreadsheet(rows: Iterable[Iterable[object]]) -> str:
    """Return CSV with the mark."""
    return MARK + comma_separated(rows)


def comma_separated(rows: Iterable[Iterable[object]]) -> str:
    """Return CSV as RFC 4180 has it, for programs. None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([map(_cell, row) for row in rows])
    return text.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
