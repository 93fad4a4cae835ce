"""How far long work has come, as far as is known, and nothing more."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``done`` of ``total`` steps (None: not known yet) since ``started_at``; ``failed`` of them in
    vain. ``is_running`` is false once it has ended, been paused, or waits for its turn."""

    what: str
    done: int
    total: int | None
    failed: int = 0
    started_at: datetime | None = None
    seen_at: datetime
    is_running: bool = True
    note: str = ""

    @property
    def percent(self) -> int | None:
        """Never 100 before the last step is done."""
        if not self.total:
            return None
        return min(self.done * 100 // self.total, 100)

    @property
    def a_second(self) -> float | None:
        """Steps a second, once a second has passed."""
        spent = self._spent()
        return self.done / spent if spent >= 1 and self.done else None

    @property
    def left(self) -> timedelta | None:
        """How long the rest takes at this rate, None while that is not known."""
        if not self.total or not self.a_second or not self.is_running:
            return None
        return timedelta(seconds=round((self.total - self.done) / self.a_second))

    def _spent(self) -> float:
        return (self.seen_at - self.started_at).total_seconds() if self.started_at else 0
