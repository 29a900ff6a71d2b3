"""Templates, compiled beforehand: compiling them in the daemon takes 2.3 MB that it does not give back.

    python -m beacon_gateway.adapters.web.compiled_templates

compiles all of them beside their sources, as an installation does. One that is not there, or is of another source,
Python or Jinja, is compiled by the daemon when it is asked for.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import jinja2
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

TEMPLATES: Final = Path(__file__).parent / "templates"
COMPILED: Final = "__pycache__"
"""Folder beside the sources: packages, tools and people know that what is in one may be deleted."""


class CompiledTemplates(BytecodeCache):
    """Reads what was compiled. Writes nothing: the daemon does not own its own program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's signature
        return f"{name}.{sys.implementation.cache_tag}"

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{jinja2.__version__} {source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), (self._folder / bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Leave it: see above."""


def environment(templates: Path = TEMPLATES) -> Environment:
    """Return what fills templates."""
    return Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        bytecode_cache=CompiledTemplates(templates / COMPILED),
    )


def compile_all(templates: Path = TEMPLATES) -> None:
    """Compile each template beside its source, whatever is there already. Raises OSError."""
    jinja, cache = environment(templates), CompiledTemplates(templates / COMPILED)
    (templates / COMPILED).mkdir(exist_ok=True)
    for path in templates.glob("*.html"):
        source = path.read_text(encoding="utf-8")
        bucket = Bucket(jinja, cache.get_cache_key(path.name), cache.get_source_checksum(source))
        bucket.code = jinja.compile(source, path.name, str(path))
        (templates / COMPILED / bucket.key).write_bytes(bucket.bytecode_to_string())


if __name__ == "__main__":
    compile_all()
