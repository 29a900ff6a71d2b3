"""What became of something that the target did not take, or keeps otherwise than it was sent."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Setback:
    """How the last try of the same ids and content ended."""

    at: datetime
    """Aware UTC."""
    change: str
    """Its name in the audit log."""
    code: str = ""
    """The target's."""
    reason: str = ""
    """In the target's words; "" where it took the change and keeps something else."""
    times: int = 1
    kept: str = ""
    """What it keeps instead."""

    @property
    def is_refusal(self) -> bool:
        return not self.kept
