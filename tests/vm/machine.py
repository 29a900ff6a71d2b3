"""One running guest: a qemu process, and the two lines into it, one for commands and one for the air."""

import json
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from .cargo import load
from .image import Image

_BOOT: Final = 180.0
"""Seconds in which a guest must be up: ten times what it takes here."""
_KERNEL_WORDS: Final = (
    *("console=ttyS0", "quiet", "panic=-1", "systemd.show_status=0"),
    *("mitigations=off", "nokaslr", "audit=0", "apparmor=0", "random.trust_cpu=on"),  # none of it is under test
)


class MachineDied(Exception):  # noqa: N818
    """The guest is gone; says its last words."""


class CommandFailed(Exception):  # noqa: N818
    pass


class Machine:
    """A guest from its boot to its end; nothing that it writes is kept."""

    def __init__(self, image: Image, folder: Path) -> None:
        self._image, self._folder = image, folder
        self._console = folder / "console.log"
        self._number = 0
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._up = threading.Event()
        self._dead = False

    def __enter__(self) -> Self:
        load(self._folder / "cargo.tar")
        self._lines = {name: _Line(self._folder / name) for name in ("agent", "air")}
        self._process = subprocess.Popen(self._command())
        try:
            for line in self._lines.values():
                line.accept(self._alive)
        except MachineDied:
            self.__exit__(None, None, None)
            raise
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        begun = time.monotonic()
        while not self._up.wait(0.2):
            if not self._alive() or time.monotonic() - begun > _BOOT:
                self.__exit__(None, None, None)
                raise MachineDied(self.last_words())
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end()
        for line in self._lines.values():
            line.close()
        if self._up.is_set():
            self._reader.join()

    def run(self, *command: str, check: bool = True) -> str:
        """Run a command as root, give what it said. Raises CommandFailed."""
        said: list[str] = []
        code = 0
        for message in self._messages(command):
            if "line" in message:
                said.append(message["line"])
            else:
                code = message["exit"]
        if check and code:
            raise CommandFailed(f"{' '.join(command)}: exit code {code}\n" + "\n".join(said))
        return "\n".join(said)

    def follow(self, *command: str) -> Iterator[str]:
        """Run a command and give what it says, line by line, while the guest lives. The first call starts it."""
        for message in self._messages(command):
            if "line" in message:
                yield message["line"]

    def write(self, path: str, text: str) -> None:
        self.run("sh", "-c", 'mkdir -p "${1%/*}" && printf %s "$2" >"$1"', "write", path, text)

    def air(self, do: str, **what: Any) -> Any:  # noqa: ANN401 - JSON
        """Ask the guest's air for something; `guest.air.Air` has the words."""
        answer = self._lines["air"].ask({"do": do, **what})
        if "error" in answer:
            raise CommandFailed(answer["error"])
        return answer["answer"]

    def end(self) -> None:
        """Pull the plug."""
        self._process.kill()
        self._process.wait()

    def last_words(self) -> str:
        return self._console.read_text(errors="replace")[-3000:] if self._console.exists() else ""

    def _alive(self) -> bool:
        return self._process.poll() is None

    def _messages(self, command: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        self._number += 1
        number = self._number
        answers = self._answers[number] = queue.SimpleQueue()
        self._lines["agent"].say({"id": number, "run": command})
        while True:
            message = answers.get()
            if "dead" in message:
                raise MachineDied(self.last_words())
            yield message
            if "exit" in message:
                del self._answers[number]
                return

    def _read(self) -> None:
        for message in self._lines["agent"]:
            if "ready" in message:
                self._up.set()
            else:
                self._answers[message["id"]].put(message)
        self._dead = True
        for answers in list(self._answers.values()):
            answers.put({"dead": True})

    def _command(self) -> list[str]:
        return [
            "qemu-system-x86_64",
            *("-name", "beacon-gateway", "-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512"),
            *("-cpu", "Nehalem,+rdrand", "-smp", "2", "-m", "1024"),
            *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
            *(
                "-kernel",
                str(self._image.kernel),
                "-initrd",
                str(self._image.initrd),
                "-append",
                " ".join(_KERNEL_WORDS),
            ),
            *("-drive", f"file={self._image.disk},format=raw,if=virtio,snapshot=on"),
            *("-drive", f"file={self._folder / 'cargo.tar'},format=raw,if=virtio,readonly=on"),
            *("-serial", f"file:{self._console}", "-device", "virtio-rng-pci", "-device", "virtio-serial-pci"),
            *(word for name in self._lines for word in self._lines[name].qemu(name)),
        ]


class _Line:
    """One serial line into the guest, on which both sides say JSON."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(1)
        self._server.settimeout(1)
        self._asking = threading.Lock()

    def qemu(self, name: str) -> tuple[str, ...]:
        return (
            *("-chardev", f"socket,id={name},path={self._path}"),
            *("-device", f"virtserialport,chardev={name},name={name}"),
        )

    def accept(self, alive: Any) -> None:  # noqa: ANN401
        while True:
            try:
                self._socket, _ = self._server.accept()
            except TimeoutError:
                if not alive():
                    raise MachineDied("qemu did not start") from None
            else:
                break
        self._socket.settimeout(None)
        self._file = self._socket.makefile("rb")

    def say(self, message: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._asking:
            self.say(message)
            line = self._file.readline()
        if not line:
            raise MachineDied("the air is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line in self._file:
            yield json.loads(line)

    def close(self) -> None:
        self._server.close()
        if hasattr(self, "_socket"):
            self._file.close()
            self._socket.close()
