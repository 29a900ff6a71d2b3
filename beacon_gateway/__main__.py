"""`python -m beacon_gateway` and the `beacon-gateway` command."""

import os
import sys

from beacon_gateway.cli import main as run


def main() -> None:
    _open_standard_streams()
    sys.exit(run())


def _open_standard_streams() -> None:
    """Put /dev/null in the place of each standard stream that whoever started us had closed.

    Else the next file that is opened gets its number, and what is meant for people is written into it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - standard error, the last of them
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115 - for the length of the process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115 - as above
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115 - as above


if __name__ == "__main__":
    main()
