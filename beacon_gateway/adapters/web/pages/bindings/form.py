"""What somebody typed on the page of bindings, as an order."""

from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.server.forms import FORM
from beacon_gateway.core.files.editing import LAST_RUN, EditAction, EditRequest
from beacon_gateway.core.model.visitor import Visitor

MAX_REASON_CHARACTERS: Final = 200
MAX_DIGEST_CHARACTERS: Final = 64
OF_FILES: Final = (EditAction.CHECK, EditAction.PLAN, EditAction.APPLY, EditAction.SAVE)
OF_RUNS: Final = (EditAction.LOOK_BACK, EditAction.UNDO)


def read_order(request: web.Request, visitor: Visitor, file: str = LAST_RUN) -> EditRequest | None:
    """Return what a form asks for; None if it is not whole."""
    form = request[FORM]

    def field(name: str, longest: int) -> str | None:
        value = form.get(name, "")
        return value if len(value) <= longest else None

    deed, base, agreed = (
        field("deed", MAX_DIGEST_CHARACTERS),
        field("base", MAX_DIGEST_CHARACTERS),
        field("plan", MAX_DIGEST_CHARACTERS),
    )
    reason, typed = field("reason", MAX_REASON_CHARACTERS), form.get("text", "" if file == LAST_RUN else None)
    known = {known.value: known for known in (OF_RUNS if file == LAST_RUN else OF_FILES)}
    if deed not in known or base is None or agreed is None or reason is None or typed is None:
        return None
    return EditRequest(known[deed], visitor, file, typed, base, agreed, force="force" in form, reason=reason)
