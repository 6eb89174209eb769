"""How long each kind of data is kept, what is held longer, and what was destroyed."""

from retention.models.hold import Hold, HoldRefused
from retention.models.period import Period, PeriodRefused
from retention.models.statement import Statement

__all__ = ["Hold", "HoldRefused", "Period", "PeriodRefused", "Statement"]
