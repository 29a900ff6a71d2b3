"""What dependencies import only if it is installed, and nothing here uses: memory for as long as a daemon runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_out(*modules: str) -> Iterator[None]:
    """Let imports within go on as if these were not installed; later ones find them.

    None in their places makes an import fail (Python's own rule).
    """
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(dict.fromkeys(modules))  # type: ignore[arg-type]  # see above
    try:
        yield
    finally:
        for name, module in before.items():
            if module:
                sys.modules[name] = module
            else:
                del sys.modules[name]
