"""The host's hands in the guest: runs commands, and says line by line what they say. Any number at once.

The host sends {"id": 7, "run": ["ls"]}; back come {"id": 7, "line": "bin"} for each line, and {"id": 7, "exit": 0}.
"""

import json
import subprocess
import threading
from io import FileIO
from pathlib import Path
from typing import Any, Final

PORT: Final = Path("/dev/virtio-ports/agent")


class Agent:
    def __init__(self, port: FileIO) -> None:
        self._port = port
        self._saying = threading.Lock()

    def serve(self) -> None:
        self._say(ready=True)
        for line in iter(self._port.readline, b""):
            request = json.loads(line)
            threading.Thread(target=self._run, args=(request["id"], request["run"]), daemon=True).start()

    def _run(self, number: int, command: list[str]) -> None:
        try:
            with subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ) as process:
                for line in process.stdout or ():
                    self._say(id=number, line=line.decode(errors="replace").rstrip("\n"))
        except OSError as error:  # as a shell says it
            self._say(id=number, line=str(error))
            self._say(id=number, exit=127)
        else:
            self._say(id=number, exit=process.returncode)

    def _say(self, **message: Any) -> None:  # noqa: ANN401 - JSON
        words = json.dumps(message).encode() + b"\n"
        with self._saying:
            while words:  # the line takes some thousand bytes at a time
                words = words[self._port.write(words) :]


if __name__ == "__main__":
    with FileIO(PORT, "r+") as opened:
        Agent(opened).serve()
