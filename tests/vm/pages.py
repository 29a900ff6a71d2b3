"""The gateway's pages, as somebody sees them who sits at the machine."""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Final

from tests.vm.cargo import GUEST
from tests.vm.gateway import wait_for
from tests.vm.machine import Machine

from .guest.visitor import BODY, COOKIES

SEE_OTHER: Final = 303
_TEXT: Final = re.compile(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', re.DOTALL)
_READER: Final = 'href="/login"'
"""What each page offers those who may look only."""
_LINK: Final = re.compile(r"/login\?link=\S+")
_OUTCOME: Final = re.compile(r'<p id="outcome"[^>]*>(.*?)</p>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float

    @property
    def leads_to(self) -> str:
        return self.headers.get("Location", "")

    @property
    def edited(self) -> str:
        """What stands in the editor."""
        return unescape(_TEXT.findall(self.text)[0])

    @property
    def outcome(self) -> str:
        """What is said of an order."""
        return unescape("".join(_OUTCOME.findall(self.text)[:1]))

    def field(self, name: str) -> str:
        """Return a hidden field of the form; "" if it is empty or not there."""
        return unescape("".join(re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.text)[:1]))


class Visitor:
    """One browser, at the machine or elsewhere."""

    def __init__(self, machine: Machine, address: str = "127.0.0.1") -> None:
        """`address` is the one that it asks at."""
        self._machine, self._address = machine, address

    def look(self, path: str) -> Page:
        """Look at a page; where it says that a link is needed to change something there, come by one."""
        page = self._ask(path=path)
        if _READER in page.text and self._enter():
            return self._ask(path=path)
        return page

    def _enter(self) -> bool:
        """Come by a link that root makes on the machine; False where there are accounts instead."""
        link = _LINK.search(self._machine.run("beacon-gateway", "login", check=False))
        if not link:
            return False
        form = self._ask(path=link[0])
        return self.send("/login", form, link=form.field("link")).status == SEE_OTHER

    def send(self, path: str, page: Page, **fields: str) -> Page:
        """Send a form that stands on `page`."""
        return self._ask(path=path, form={"visit": page.field("visit"), **fields})

    def forget(self) -> None:
        """Come as another browser."""
        self._machine.run("rm", "-f", str(COOKIES))

    def waits_for_door(self) -> float:
        """Return the seconds until the pages are there. Raises TooLate."""
        return wait_for("the pages are there", lambda: self.look("/healthz").status > 0, within=120, every=1)

    def edit(self, name: str, text: str) -> Page:
        """Put a text into a file's editor, look at the plan if one is to be seen, and save. Return the last page."""
        path = f"/bindings/{name}"
        page = self.look(path)
        # As browsers send what is typed.
        typed, base = text.replace("\n", "\r\n"), page.field("base")
        answer = self.send(path, page, deed="apply", text=typed, base=base, plan="")
        if plan := answer.field("plan"):
            answer = self.send(path, answer, deed="apply", text=typed, base=base, plan=plan)
        if answer.status != SEE_OTHER:
            return answer
        seen: list[Page] = []

        def is_over() -> bool:
            seen.append(self.look(answer.leads_to))
            return bool(seen[-1].outcome)

        wait_for("the order is carried out", is_over, within=180)
        return seen[-1]

    def archive(self, command: str) -> str:
        """Run a shell command over the last answer, which was a compressed archive, unpacked to its standard input."""
        return self._machine.run("sh", "-c", f"tar -xzOf {BODY} | {command}", check=False)

    def member(self, name: str) -> str:
        """Return a text in the last answer's archive. Raises CommandFailed if it is not there."""
        return self._machine.run("tar", "--wildcards", "-xzOf", str(BODY), f"*/{name}")

    def _ask(self, **what: object) -> Page:
        # As the guest's own services run; the gateway's Python would see other modules.
        program = f'cd /{GUEST} && exec /usr/bin/python3 -m tests.vm.guest.visitor "$1"'
        return Page(
            **json.loads(
                self._machine.run("sh", "-c", program, "visitor", json.dumps({**what, "address": self._address}))
            )
        )
