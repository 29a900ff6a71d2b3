"""Plans to be looked at: for other files than those in force, or of what an undo would do. Nothing is written."""

from dataclasses import replace
from typing import Final

from beacon_gateway.core.bindings.history.hold import in_force, is_held
from beacon_gateway.core.bindings.history.undo import done_by, plan_back
from beacon_gateway.core.bindings.plan import Plan, make_plan
from beacon_gateway.core.bindings.schedule import desired
from beacon_gateway.core.files.editing import Preview
from beacon_gateway.core.model.clocks import WallClock
from beacon_gateway.core.model.settings import WeChatSettings
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.account_look import AccountLook, AccountSnapshot, hold_of
from beacon_gateway.services.bindings.sync_ports import LedgerStore

READING_VALID_S: Final = 60.0
"""Seconds for which one reading of the account serves several looks: it costs quota, and waiting."""


class Previews:
    def __init__(self, look: AccountLook, ledger: LedgerStore, clock: WallClock, options: WeChatSettings) -> None:
        self._look, self._ledger, self._clock, self._options = look, ledger, clock, options

    async def of(
        self, store: Store, *, force: bool = False, within: float = READING_VALID_S, keeps_hold: bool = False
    ) -> Preview:
        """Say what an apply by hand would do for this store. Raises TargetError, OSError.

        With `keeps_hold`, without what an undo holds back.
        """
        ledger = await self._ledger.read()
        seen = await self._look.accepted(store, ledger, force=force, within=within)
        plan = make_plan(
            store,
            desired(store, self._clock.utc()),
            seen.existing,
            ledger,
            force=force,
            clock_is_right=self._clock.synchronised(),
        )
        hold = in_force(await hold_of(self._ledger, ledger, store), store)
        if keeps_hold:
            plan = plan.only(lambda change: not is_held(hold, store, change))
        return replace(self._shown(plan, store, seen), hold=hold)

    async def of_undo(self, store: Store, *, force: bool = False, within: float = READING_VALID_S) -> Preview:
        """Say what an undo of the last run would do. Raises TargetError, OSError."""
        ledger = await self._ledger.read()
        seen = await self._look.accepted(store, ledger, force=force, within=within)
        plan = plan_back(done_by(await self._ledger.last_run()), store, seen.existing, ledger, force=force)
        return self._shown(plan, store, seen)

    def _shown(self, plan: Plan, store: Store, seen: AccountSnapshot) -> Preview:
        return Preview(plan, store, seen.at, braked=plan.braked_by(self._options.brake))
