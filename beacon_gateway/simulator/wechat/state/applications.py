"""Applications for device ids: a short review by machine for small batches, a long one by staff for large ones."""

import random
from dataclasses import dataclass, replace

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import width
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.serials import IdSequence

MAX_APPLICATION_REASON_WIDTH = 200  # width, "Apply device ID" page
REJECTED, PENDING, APPROVED = 0, 1, 2  # "Query audit status" page


@dataclass(frozen=True, slots=True)
class ApplicationBatch:
    """One application. Times are unix seconds; `audit_time` is 0 while it is pending."""

    apply_id: int
    apply_time: int
    quantity: int
    comment: str
    poi_id: int
    audit_status: int = PENDING
    audit_comment: str = "审核中"
    audit_time: int = 0


class EmulatedApplications:
    """All batches of one account. Callers call `settle` first, so that machine reviews end in time."""

    def __init__(self, settings: EmulatorSettings, rng: random.Random) -> None:
        self._settings = settings
        self._batches: dict[int, ApplicationBatch] = {}
        self._ids = IdSequence(70_011, rng)

    def submit(
        self, now: float, quantity: int, reason: str, comment: str, poi_id: int, *, devices: int, activated: int
    ) -> int:
        """A new pending batch's id, given the account's devices so far and how many of them are activated.

        Raises 9001022 (quantity), 9001035 (reason), 9001023 (another is pending), 9001038 (quota) and, in the legacy
        API, 9001021 (less than half of the devices in use).
        """
        if quantity <= 0:
            raise EmulatedError(9001022)
        if not 0 < width(reason) <= MAX_APPLICATION_REASON_WIDTH:
            raise EmulatedError(9001035)
        if any(batch.audit_status == PENDING for batch in self._batches.values()):
            raise EmulatedError(9001023)
        if devices + quantity > self._settings.device_quota:
            raise EmulatedError(9001038)
        if self._settings.generation == "legacy" and activated * 2 < devices:
            raise EmulatedError(9001021)
        apply_id = self._ids.take()
        self._batches[apply_id] = ApplicationBatch(apply_id, int(now), quantity, comment, poi_id)
        return apply_id

    def batch(self, apply_id: int) -> ApplicationBatch:
        """The batch. Raises 9001047."""
        if apply_id not in self._batches:
            raise EmulatedError(9001047)
        return self._batches[apply_id]

    def decide(self, apply_id: int, now: float, *, approve: bool, comment: str) -> ApplicationBatch:
        """What the staff say about a pending batch. Raises 9001047 for an unknown or decided one."""
        batch = self.batch(apply_id)
        if batch.audit_status != PENDING:
            raise EmulatedError(9001047)
        status = APPROVED if approve else REJECTED
        decided = replace(batch, audit_status=status, audit_comment=comment, audit_time=int(now))
        self._batches[apply_id] = decided
        return decided

    def settle(self, now: float) -> list[ApplicationBatch]:
        """End the machine reviews whose time has passed; the batches approved by this."""
        wait = 0 if self._settings.generation == "legacy" else self._settings.fast_review
        due = [
            batch
            for batch in self._batches.values()
            if batch.audit_status == PENDING
            and batch.quantity <= self._settings.fast_lane
            and now >= batch.apply_time + wait
        ]
        return [self.decide(batch.apply_id, batch.apply_time + wait, approve=True, comment="") for batch in due]
