"""Opening Shake Nearby for an account: the form, and its review by staff."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import width
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.applications import APPROVED, PENDING, REJECTED
from beacon_gateway.simulator.wechat.state.materials import EmulatedMaterials

# Widths: "Application for opening function" page.
MAX_REGISTRANT_NAME_WIDTH = 40
MAX_REGISTRATION_REASON_WIDTH = 500

# The platform's industry codes run from 01 to the last one of each group.
_INDUSTRIES = {1: 20, 2: 7, 3: 18, 4: 10, 5: 6, 6: 3, 7: 3, 8: 1, 9: 4, 10: 2, 11: 3, 12: 4, 13: 1, 14: 1}
INDUSTRIES = frozenset(f"{group:02}{code:02}" for group, last in _INDUSTRIES.items() for code in range(1, last + 1))


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """What the merchant fills in. The qualification addresses come from material/add, type license."""

    name: str
    phone_number: str
    email: str
    industry_id: str
    qualification_cert_urls: Sequence[str]
    apply_reason: str


class Registration:
    """Where the account stands. `audit_status` None: it never asked. Times are unix seconds."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._verified = settings.verified
        self.audit_status = APPROVED if settings.enabled else None
        self.audit_comment = ""
        self.apply_time = 0
        self.audit_time = 0

    @property
    def enabled(self) -> bool:
        return self.audit_status == APPROVED

    def submit(self, form: RegistrationForm, materials: EmulatedMaterials, now: float) -> None:
        """Ask for the opening. Raises 9001039-9001043, 9001045, 9001046, and 9001048 unless rejected before."""
        if not self._verified:
            raise EmulatedError(9001046)
        if self.audit_status in {PENDING, APPROVED}:
            raise EmulatedError(9001048)
        for errcode, sound in (
            (9001039, 0 < width(form.name) <= MAX_REGISTRANT_NAME_WIDTH),
            (9001040, re.fullmatch(r"\+?[0-9-]{5,20}", form.phone_number)),
            (9001041, re.fullmatch(r"[^@\s]+@[^@\s]+", form.email)),
            (9001042, form.industry_id in INDUSTRIES),
            (9001043, all(map(materials.is_license, form.qualification_cert_urls))),
            (9001045, width(form.apply_reason) <= MAX_REGISTRATION_REASON_WIDTH),
        ):
            if not sound:
                raise EmulatedError(errcode)
        self.audit_status, self.audit_comment = PENDING, ""
        self.apply_time, self.audit_time = int(now), 0

    def review(self, now: float, *, approve: bool, comment: str = "") -> None:
        """What the staff say within three working days."""
        self.audit_status = APPROVED if approve else REJECTED
        self.audit_comment, self.audit_time = comment, int(now)
