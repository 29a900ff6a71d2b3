"""People with accounts at the pages of the demo's first gateway, and how they come in."""

from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.access.web_accounts import with_account
from beacon_gateway.core.model.visitor import Rank, Visitor
from tests.adapters.web.server.access import PASSWORD, account
from tests.browser.shop import Look


@dataclass(frozen=True)
class Person:
    visitor: Visitor

    def entered(self, text: str) -> str:
        """Return the text of an accounts file with this person in it."""
        return with_account(text, account(self.visitor))

    async def log_in(self, look: Look, password: str = PASSWORD) -> None:
        """Fill in the form that is shown, and send it."""
        await look.page.get_by_label("名字").fill(self.visitor.name)
        await look.page.get_by_label("密码").fill(password)
        await look.page.get_by_role("button", name="登录").click()

    async def come_to(self, look: Look, path: str) -> None:
        """Open a page by way of the login."""
        await look.open(path)
        await self.log_in(look)
        await look.page.wait_for_url(f"{look.url}{path}")


IT: Final = Person(Visitor("li.na", Rank.IT))
STAFF: Final = Person(Visitor("张三", Rank.STAFF, frozenset({"F2"})))
VIEWER: Final = Person(Visitor("tv", Rank.VIEWER))
EVERYBODY: Final = (IT, STAFF, VIEWER)
