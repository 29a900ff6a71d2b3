"""The operating system's errors, in the reader's language: what Python writes as "[Errno 13] Permission denied"."""

import re
from errno import errorcode
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import text_of

_RAW: Final = re.compile(r"\[Errno (\d+)\] ([A-Za-z][A-Za-z ,/-]*[A-Za-z]|)")


def reason_of(error: OSError) -> str:
    """Return why the system refused, without the file's name; a sentence that holds it says it in its language."""
    return f"[Errno {error.errno}] {error.strerror}" if error.errno else error.strerror or type(error).__name__


def with_system_errors(text: str, language: Language) -> str:
    """Return a text in which each system error is said in a language."""
    return _RAW.sub(lambda raw: _said(int(raw[1]), language), text) if "[Errno " in text else text


def _said(number: int, language: Language) -> str:
    try:
        return text_of(f"system.{errorcode.get(number)}", language)
    except KeyError:
        return text_of("system.other", language).format(number=number)
