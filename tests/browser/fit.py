"""Whether a page is one for everybody: what axe finds, and what sticks out of a narrow window."""

from importlib import resources
from typing import Final

from tests.browser.shop import Look

AXE: Final = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE: Final = {"serious", "critical"}

OUTSIDE: Final = """
    () => {
      const outside = [...document.querySelectorAll("main *, header *, footer *")]
        .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".wide"))
        .map((node) => node.outerHTML.slice(0, 80)).slice(0, 5);
      return document.scrollingElement.scrollWidth > innerWidth ? ["the page", ...outside] : outside;
    }"""


async def barriers(look: Look) -> list[str]:
    """Return what keeps somebody from using the page."""
    await look.ask(AXE)
    found = await look.ask("axe.run()")
    return [
        f"{fault['impact']}: {fault['id']}: {node['html'][:120]} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:3]
    ]


async def too_wide(look: Look) -> list[str]:
    """Return what one would have to scroll sideways for."""
    found: list[str] = await look.ask(OUTSIDE)
    return found
