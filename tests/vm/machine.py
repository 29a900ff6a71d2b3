"""One running guest: a qemu process, and two lines into it, one for commands and one for the air."""

import queue
import subprocess
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.vm.cargo import Entry, load
from tests.vm.image import Image
from tests.vm.serial_line import SerialLine

_BOOT: Final = 180.0
"""Seconds in which a guest must be up: ten times what it takes on two idle cores."""
_KERNEL_WORDS: Final = (
    *("console=ttyS0", "quiet", "panic=-1", "systemd.show_status=0"),
    *("mitigations=off", "nokaslr", "audit=0", "apparmor=0", "random.trust_cpu=on"),  # none of it is under test
)


class MachineDied(Exception):  # noqa: N818 - it is what happened, as the guest's console tells it
    pass


class _Stillborn(MachineDied):
    """Once in some hundred starts qemu ends without a word from itself or the kernel: an emulated processor that resets
    itself, which `-no-reboot` takes for the end. Nothing of ours has begun then.
    """


class CommandFailed(Exception):  # noqa: N818 - what happened
    pass


class Machine:
    """A guest from its boot to its end, which is one without a warning: as if its plug were pulled."""

    def __init__(
        self,
        image: Image,
        folder: Path,
        cargo: Iterable[Entry],
        *,
        disk: Path | None = None,
        more_disks: Sequence[Path] = (),
    ) -> None:
        """With a disk of its own, all that the guest hands to it is kept; else nothing that it writes.

        It finds `more_disks` as /dev/vdc and so on.
        """
        self._image, self._entries = image, cargo
        self._disk, self._more_disks = disk, more_disks
        self._console = folder / "console.log"
        self._cargo = folder / "cargo.tar"
        self._agent, self._air = SerialLine("agent", folder), SerialLine("air", folder)
        self._up = threading.Event()
        self._number = 0
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}

    def __enter__(self) -> Self:
        load(self._cargo, self._entries)
        try:
            self._start()
        except _Stillborn:
            print("The machine ended before its kernel said a word; once more.")
            self._start()
        return self

    def _start(self) -> None:
        """Boot. Raises MachineDied, as _Stillborn if nothing in it had begun."""
        self._dead = False
        self._up.clear()
        self._reader = threading.Thread(target=self._read)
        with ExitStack() as stack:
            for line in (self._agent, self._air):
                stack.enter_context(line)
            process = subprocess.Popen(self._command())
            stack.callback(process.wait)
            stack.callback(process.kill)
            try:
                for line in (self._agent, self._air):
                    line.connect()
            except TimeoutError:
                raise MachineDied("qemu did not start") from None
            self._reader.start()
            is_up = self._up.wait(_BOOT)
            if self._dead and not self._said():
                raise _Stillborn("it ended before its kernel said a word")
            if self._dead or not is_up:
                raise MachineDied(self._last_words())
            self._ending = stack.pop_all()

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ending.close()
        self._reader.join()

    def run(self, *command: str, check: bool = True) -> str:
        """Run a command as root and return all that it said. Raises CommandFailed, unless it may fail."""
        self._number += 1
        number, answers = self._number, queue.SimpleQueue[dict[str, Any]]()
        self._answers[number] = answers
        self._agent.say({"id": number, "run": command})
        said = []
        while "line" in (message := answers.get()):
            said.append(message["line"])
        del self._answers[number]
        if "exit" not in message:
            raise MachineDied(self._last_words())
        if check and message["exit"]:
            raise CommandFailed(f"{' '.join(command)}: exit code {message['exit']}\n" + "\n".join(said))
        return "\n".join(said)

    def read(self, path: str) -> str:
        """Return a file's text; of one that is not there, none."""
        return self.run("sh", "-c", 'cat "$1" 2>/dev/null', "read", path, check=False)

    def write(self, path: str, text: str) -> None:
        self.run("sh", "-c", 'mkdir -p "${1%/*}" && printf %s "$2" >"$1"', "write", path, text)

    def air(self, do: str, **what: Any) -> Any:  # noqa: ANN401 - JSON
        """Ask the guest's air for something; `guest.air.Air` has the words. Raises CommandFailed."""
        self._air.say({"do": do, **what})
        for answer in self._air:
            if "error" in answer:
                raise CommandFailed(answer["error"])
            return answer["answer"]
        raise MachineDied(self._last_words())

    def _read(self) -> None:
        for message in self._agent:
            if "ready" in message:
                self._up.set()
            else:
                self._answers[message["id"]].put(message)
        self._dead = True
        self._up.set()
        for answers in list(self._answers.values()):
            answers.put({})

    def _last_words(self) -> str:
        return self._said() or "it said nothing"

    def _said(self) -> str:
        return self._console.read_text(errors="replace")[-3000:].strip() if self._console.exists() else ""

    def _command(self) -> tuple[str, ...]:
        disk = f"file={self._disk or self._image.disk},format=raw,if=virtio"
        return (
            # The machine must not outlive the tests on it, however they end.
            *("setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64"),
            *("-name", "beacon-gateway", "-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512"),
            # QEMU 7.2's cmpxchg16b leaves the flags wrong now and then, and the kernel's allocator panics over it.
            *("-cpu", "Nehalem,+rdrand,-cx16", "-smp", "2", "-m", "1024"),
            *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
            *("-kernel", str(self._image.kernel), "-initrd", str(self._image.initrd)),
            *("-append", " ".join(_KERNEL_WORDS)),
            *("-drive", disk if self._disk else f"{disk},snapshot=on"),
            *("-drive", f"file={self._cargo},format=raw,if=virtio,readonly=on"),
            *(word for path in self._more_disks for word in ("-drive", f"file={path},format=raw,if=virtio")),
            *("-serial", f"file:{self._console}", "-device", "virtio-rng-pci", "-device", "virtio-serial-pci"),
            *self._agent.words_for_qemu(),
            *self._air.words_for_qemu(),
        )
