"""Lets the doctor look as a user who is not root: a program, given an empty folder. Prints level and fix by check."""

import json
import os
import sys
from pathlib import Path

from tests.commands.doctor.pi import CONFIG, Pi

NOBODY = 65534


def main(folder: Path) -> None:
    pi = Pi(folder)
    pi.config(CONFIG + "wechat: {appid: wx0123456789abcdef}\n")
    pi.unit(MainPID="4711")
    (folder / "wechat-secret").write_text("s3cret")
    (folder / "state").mkdir()
    pi.look(offline=True)  # whatever Python loads late may lie in root's home
    for closed in (pi.file("proc/4711/io", ""), folder / "wechat-secret", folder / "state"):
        closed.chmod(0)
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresuid(NOBODY, NOBODY, NOBODY)
    report = pi.look(offline=True)
    print(json.dumps({check: [report.level(check), report.fix(check)] for check in report.order}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
