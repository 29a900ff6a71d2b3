"""The text of a file, there and back through a form: what nobody touched comes back byte for byte.

Browsers send every line end as CR LF, whatever the file had, and drop marks of byte order that stand in front.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

MARK: Final = "\ufeff"
"""With which Windows' Notepad begins a file."""
_END: Final = re.compile(r"\r\n|\r|\n")


def for_form(text: str) -> str:
    """Return the text of a file as a form shows it: without a mark in front, each line end as LF."""
    return _END.sub("\n", text.removeprefix(MARK))


def as_typed(form: str) -> str:
    """Return what a browser sent with line ends as `for_form` gives them."""
    return _END.sub("\n", form)


def for_file(typed: str, before: str) -> str:
    """Return what a browser sent in the form that the file had `before`.

    Lines before and after the ones that were touched keep their own ends; those in between end as most of the file
    does.
    """
    mark = MARK if before.startswith(MARK) else ""
    lines, old, ends = as_typed(typed).split("\n"), _END.split(before.removeprefix(mark)), _END.findall(before)
    usual = Counter(ends).most_common(1)[0][0] if ends else "\n"
    count = len(lines) - 1
    head = min(_same(lines, old), count, len(ends))
    tail = min(_same(lines[::-1], old[::-1]) - 1, count - head, len(ends) - head)
    kept = [*ends[:head], *[usual] * (count - head - max(tail, 0)), *ends[len(ends) - max(tail, 0) :]]
    return mark + "".join(line + end for line, end in zip(lines, [*kept, ""], strict=True))


def _same(lines: Sequence[str], others: Sequence[str]) -> int:
    """Count the lines that are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(lines, others, strict=False)))
