"""The pages of bindings: a floor's file in an editor, what its text comes to, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from beacon_gateway.adapters.web.pages.bindings.form import read_order
from beacon_gateway.adapters.web.pages.bindings.ports import EditorDependencies
from beacon_gateway.adapters.web.pages.bindings.view import EditPresenter
from beacon_gateway.adapters.web.pages.bindings.visible_edits import VisibleEdits
from beacon_gateway.adapters.web.server.deferred import Handler, Handlers
from beacon_gateway.adapters.web.server.frame import PageFrame, static
from beacon_gateway.adapters.web.server.visits import VISIT, Visit
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.files.editing import (
    PAGES,
    EarlierText,
    EditAction,
    EditOutcome,
    JobState,
    StoreFile,
    SyncSnapshot,
    may_edit,
)
from beacon_gateway.core.sentences.messages import explain
from beacon_gateway.core.text.newlines import as_typed, for_form

JOB_WAIT_S: Final = 3.0
"""Seconds that an answer waits for the work to be done; afterwards the page looks again."""
JOB_REFRESH_S: Final = 2
"""Seconds between two looks at work under way."""
CODES: Final = {
    EditOutcome.GONE: HTTPStatus.CONFLICT,
    EditOutcome.LOCKED: HTTPStatus.CONFLICT,
    EditOutcome.CHANGED: HTTPStatus.CONFLICT,
    EditOutcome.STALE: HTTPStatus.CONFLICT,
    EditOutcome.BRAKED: HTTPStatus.CONFLICT,
    EditOutcome.FAULTY: 422,
    EditOutcome.BREAKS_OTHERS: 422,
    EditOutcome.NOT_SAVED: 507,
    EditOutcome.NO_TARGET: HTTPStatus.SERVICE_UNAVAILABLE,
    EditOutcome.NO_FILES: HTTPStatus.SERVICE_UNAVAILABLE,
    EditOutcome.FORBIDDEN: HTTPStatus.FORBIDDEN,
    EditOutcome.TAKES: HTTPStatus.FORBIDDEN,
    EditOutcome.UNPROTECTS: HTTPStatus.FORBIDDEN,
    EditOutcome.NEEDS_IT: HTTPStatus.FORBIDDEN,
}
"""Of an order that came to nothing; others are 200."""


@dataclass(frozen=True, slots=True)
class _OpenFile:
    """A file in the editor."""

    file: StoreFile
    text: str
    base: str
    agreed: str = ""
    work: JobState | None = None
    notice: str = ""
    """A phrase."""
    earlier: EarlierText | None = None


class BindingPages:
    def __init__(self, frame: PageFrame, desk: EditorDependencies, *, patience: float = JOB_WAIT_S) -> None:
        self._frame, self._desk, self._patience = frame, desk, patience
        self._script = static("editor.js")

    def handlers(self) -> Handlers:
        handlers: Handlers = {
            "show_first": self._show_first,
            "show": self._show,
            "act": self._act,
            "show_undo": self._show_undo,
            "undo": self._undo,
            "give_script": self._give_script,
        }
        return {name: self._in_time(handler) for name, handler in handlers.items()}

    def _in_time(self, handler: Handler) -> Handler:
        """Return a handler that says so where the folder does not answer."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except TimeoutError:
                raise web.HTTPServiceUnavailable(text=self._say(request, "bindings.slow")) from None

        return handle

    async def _give_script(self, _: web.Request) -> web.Response:
        return web.Response(body=self._script, content_type="text/javascript", charset="utf-8")

    async def _show_first(self, request: web.Request) -> web.StreamResponse:
        """Show the file of the visitor's own floor, or of the one where the gateway hangs."""
        names = await self._desk.ask(self._desk.files.names)
        wanted = [*sorted(request[VISIT].visitor.floors), self._frame.status().floor]
        first = next((name for name in wanted if name in names), None) or await self._declaring(names, wanted)
        return await self._show_file(request, first or names[0])

    async def _declaring(self, names: Sequence[str], floors: Sequence[str]) -> str | None:
        """Return the file of one of these floors that goes by another name."""
        for name in names:
            file = await self._desk.ask(self._desk.files.find, name)
            if file and file.floor in floors:
                return name
        return None

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._show_file(request, request.match_info["file"])

    async def _show_file(self, request: web.Request, name: str) -> web.StreamResponse:
        file = await self._found(request, name)
        if file is None:
            return self._frame.missing(request)
        shown = _OpenFile(file, file.text, file.digest)
        sight = self._sight(request)
        if ident := request.query.get("job"):
            work = sight.work(ident, file)
            if work is None:
                shown = _OpenFile(file, file.text, file.digest, notice="bindings.outcome.unknown")
            elif not work.outcome.is_over:
                return self._under_way(request, work)
            else:
                shown = _after(work, file)
        elif ident := request.query.get("earlier"):
            earlier = await sight.earlier_text(file, ident)
            shown = (
                _OpenFile(file, earlier.text, file.digest, earlier=earlier)
                if earlier
                else _OpenFile(file, file.text, file.digest, notice="bindings.earlier.gone")
            )
        return await self._editor(request, shown)

    async def _found(self, request: web.Request, name: str) -> StoreFile | None:
        """Return a file; None if there is none. Where that is not known, say why: HTTPServiceUnavailable."""
        file: StoreFile | None = await self._desk.ask(self._desk.files.find, name)
        if file is None and (troubles := await self._troubles(request)):
            raise web.HTTPServiceUnavailable(text=" ".join(troubles))
        return file

    async def _troubles(self, request: web.Request) -> list[str]:
        """Return a sentence for each part of the folder that cannot be listed."""
        language = self._frame.language(request)
        return [
            say_plainly(language, "bindings.unlisted", place=problem.place.file, reason=explain(problem, language))
            for problem in await self._desk.ask(self._desk.files.troubles)
        ]

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """Check, plan or apply what was typed. Whatever was not saved comes back in the editor."""
        name = request.match_info["file"]
        file = await self._found(request, name)
        if file is None:
            return self._frame.missing(request)
        order = read_order(request, request[VISIT].visitor, name)
        if order is None:
            raise web.HTTPBadRequest(text=self._say(request, "bindings.bad-form"))
        if not may_edit(order.visitor, file):
            raise web.HTTPForbidden(text=self._say(request, "bindings.forbidden"))
        if order.action is EditAction.CHECK:
            work: JobState | None = await self._desk.editing.check(order)
        else:
            begun = self._desk.editing.begin(order)
            work = await self._desk.editing.wait(begun.ident, self._patience) if begun else None
        if work is None:
            shown = _OpenFile(file, as_typed(order.typed), order.base, order.agreed, notice="bindings.busy")
            return await self._editor(request, shown, HTTPStatus.SERVICE_UNAVAILABLE)
        if not work.outcome.is_over or work.outcome.is_saved:
            return _see(f"/bindings/{quote(name, safe='')}?job={work.ident}")
        refused = order.action in {EditAction.APPLY, EditAction.SAVE} or work.outcome in {
            EditOutcome.NO_TARGET,
            EditOutcome.NO_FILES,
        }
        code = CODES.get(work.outcome, HTTPStatus.OK) if refused else HTTPStatus.OK
        return await self._editor(request, _after(work, work.now or file), code)

    async def _show_undo(self, request: web.Request) -> web.StreamResponse:
        work: JobState | None = None
        notice = ""
        if ident := request.query.get("job"):
            work = self._sight(request).work(ident)
            notice = "" if work else "bindings.outcome.unknown"
            if work and not work.outcome.is_over:
                return self._under_way(request, work)
        return await self._undo_page(request, work, notice=notice)

    async def _undo(self, request: web.Request) -> web.StreamResponse:
        """Show what an undo would put back, or do it."""
        order = read_order(request, request[VISIT].visitor)
        if order is None:
            raise web.HTTPBadRequest(text=self._say(request, "bindings.bad-form"))
        if not order.visitor.is_it and not order.visitor.floors:
            raise web.HTTPForbidden(text=self._say(request, "bindings.viewer"))
        begun = self._desk.editing.begin(order)
        work = await self._desk.editing.wait(begun.ident, self._patience) if begun else None
        if work is None:
            return await self._undo_page(request, None, HTTPStatus.SERVICE_UNAVAILABLE, notice="bindings.busy")
        if not work.outcome.is_over or work.outcome.is_saved:
            return _see(f"/bindings/undo?job={work.ident}")
        code = (
            CODES.get(work.outcome, HTTPStatus.OK)
            if order.action is EditAction.UNDO or work.outcome is EditOutcome.NO_TARGET
            else HTTPStatus.OK
        )
        return await self._undo_page(request, work, code)

    def _under_way(self, request: web.Request, work: JobState) -> web.Response:
        return self._frame.page(
            request,
            "bindings_under_way",
            self._frame.status(),
            title="page.bindings",
            refresh=JOB_REFRESH_S,
            kept=f"job={work.ident}&",
            work=work,
        )

    async def _editor(self, request: web.Request, shown: _OpenFile, code: int = HTTPStatus.OK) -> web.Response:
        file, visitor = shown.file, request[VISIT].visitor
        standing, now = self._desk.editing.standing(), self._desk.utc()
        sight, presenter = self._sight(request), self._presenter(request, standing)
        earlier = await sight.earlier(file)
        may = file.fault is None and may_edit(visitor, file)
        faults, others = presenter.faults(shown.work, shown.text)
        return self._frame.page(
            request,
            "bindings",
            self._frame.status(),
            title="page.bindings",
            code=code,
            names=await self._desk.ask(self._desk.files.names),
            unlisted=await self._troubles(request),
            pages=PAGES,
            file=file,
            address=f"/bindings/{quote(file.name, safe='')}",
            text=for_form(shown.text),
            base=shown.base,
            agreed=shown.agreed,
            may_edit=may,
            why_not="" if may or file.fault else _why_not(file, request[VISIT]),
            may_force=visitor.is_it,
            standing=standing,
            now=now,
            notice=self._say(request, shown.notice) if shown.notice else "",
            told=presenter.outcome(shown.work, earlier) if shown.work else None,
            faults=faults,
            others=others,
            plan=presenter.plan(shown.work),
            diff=await presenter.difference(shown.work),
            work=shown.work,
            how=presenter.standing(self._frame.status(), now, names=sight.names_colleagues),
            loaded=shown.earlier,
            earlier=earlier,
            history=await presenter.history(sight.audit) if sight.names_colleagues else None,
        )

    async def _undo_page(
        self, request: web.Request, work: JobState | None, code: int = HTTPStatus.OK, *, notice: str = ""
    ) -> web.Response:
        standing = self._desk.editing.standing()
        sight, presenter = self._sight(request), self._presenter(request, standing)
        return self._frame.page(
            request,
            "bindings_undo",
            self._frame.status(),
            title="bindings.undo",
            code=code,
            standing=standing,
            now=self._desk.utc(),
            notice=self._say(request, notice) if notice else "",
            told=presenter.undone(work) if work else None,
            plan=presenter.plan(work),
            work=work,
            agreed=work.preview.plan.digest if work and work.preview and not work.outcome.is_saved else "",
            may_force=request[VISIT].visitor.is_it,
            history=await presenter.history(sight.audit) if sight.names_colleagues else None,
        )

    def _sight(self, request: web.Request) -> VisibleEdits:
        return VisibleEdits(
            request[VISIT].visitor, self._desk.editing, self._desk.files, self._desk.audit, self._desk.ask
        )

    def _presenter(self, request: web.Request, standing: SyncSnapshot) -> EditPresenter:
        return EditPresenter(self._frame, self._frame.language(request), standing, self._desk.brake)

    def _say(self, request: web.Request, phrase: str) -> str:
        return say_plainly(self._frame.language(request), phrase)


def _see(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _after(work: JobState, file: StoreFile) -> _OpenFile:
    """Return what stands in the editor after an order: the file if it was saved, else what was typed."""
    if work.outcome.is_saved:
        return _OpenFile(file, file.text, file.digest, _left(work), work)
    order = work.request
    # Who looked at the difference may go on over it.
    base = file.digest if work.outcome is EditOutcome.CHANGED else order.base
    agreed = work.preview.plan.digest if work.preview else order.agreed
    return _OpenFile(file, as_typed(order.typed), base, agreed, work)


def _left(work: JobState) -> str:
    """Return the plan that the page shows and that may be gone on with; "" if there is none."""
    return work.preview.plan.digest if work.preview and work.outcome is EditOutcome.UNFINISHED else ""


def _why_not(file: StoreFile, visit: Visit) -> str:
    """Return the phrase for a file that is not this visitor's."""
    if not visit.may_write:
        return "bindings.reader"
    if not (visit.visitor.is_it or visit.visitor.floors):
        return "bindings.viewer"
    return "bindings.pages-are-its" if file.name == PAGES else "bindings.not-yours"
