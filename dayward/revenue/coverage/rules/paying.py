"""Whether what a document says of a payer says that somebody pays. Pure."""

from __future__ import annotations

NOT_IN_FORCE = frozenset({"cancelled", "entered-in-error", "draft", "aborted", "nullified"})
NOBODY = frozenset({"no insurance", "none", "uninsured", "unknown", "not insured"})


def pays(name: str, status: str = "") -> bool:
    """A payer is named, and the entry is in force as far as it says."""
    plain = " ".join(name.casefold().replace("_", " ").split())
    return bool(plain) and plain not in NOBODY and status.strip().casefold() not in NOT_IN_FORCE
