"""A command in a process that reports what it does in a folder while nothing looks at the time.

    python -m tests.commands.shared.touching FOLDER OUTPUT WORD...

What a command does in people's folders is done in a thread that is given up where the folder does not answer
(`commands.shared.in_time`); what its main thread does there waits for ever. Each such deed is a line of OUTPUT.
"""

import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Final

DEEDS: Final = frozenset(
    {
        *("open", "os.chmod", "os.chown", "os.link", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir"),
        *("os.scandir", "os.symlink", "os.truncate", "os.utime", "shutil.rmtree"),
    }
)


def watch(folder: str, output: int) -> None:
    """Report each deed of the main thread below the folder, with the line of ours that did it."""
    main = threading.main_thread()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in DEEDS or threading.current_thread() is not main or not arguments:
            return
        if isinstance(arguments[0], str | bytes | os.PathLike) and os.fsdecode(arguments[0]).startswith(folder):
            ours = [frame for frame in traceback.extract_stack() if "beacon_gateway" in frame.filename]
            place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
            os.write(output, f"{event} {os.fsdecode(arguments[0])} {place}\n".encode())

    sys.addaudithook(hook)


if __name__ == "__main__":
    from beacon_gateway.cli import main

    watch(sys.argv[1], os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600))
    sys.exit(main(sys.argv[3:]))
