"""`python -m beacon_gateway` and the `beacon-gateway` command."""

import io
import os
import sys

from beacon_gateway import output
from beacon_gateway.cli import main as run


def main() -> None:
    _open_standard_streams()
    _start_in_utf8()
    output.install()
    try:
        code = run()
    except SystemExit as ended:  # argparse's
        code = ended.code if isinstance(ended.code, int) else 1
    sys.exit(output.finished(code))


def _open_standard_streams() -> None:
    """Put /dev/null in the place of each standard stream that our parent had closed.

    Else the next file that is opened gets its number, and what is meant for people is written into it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - standard error, the last of them
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115 - for the length of the process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above


def _start_in_utf8() -> None:
    """Begin anew where Python takes the terminal's encoding for that of files' names, which are UTF-8.

    It can be told only as it starts. What is shown and typed keeps the terminal's encoding.
    """
    if sys.getfilesystemencoding() != "utf-8":
        options = ["-X", "utf8", "-X", f"{output.TERMINAL_OPTION}={sys.stdout.encoding}"]
        os.execv(sys.executable, [sys.executable, *options, *sys.orig_argv[1:]])  # noqa: S606 - this very program
    if (encoding := output.terminal_encoding()) and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding=encoding, errors="strict")


if __name__ == "__main__":
    main()
