"""The loop of a need: nothing is done until its result is known (3.5: made, confirmed, kept, result)."""

from __future__ import annotations

OPEN = ("open", "made", "confirmed", "kept")
CLOSED = ("settled", "dropped")
