"""The only code that writes notes, the text of a session, and tries to reach those who stayed away."""

from __future__ import annotations

from dayward.chart.notes.services.after import amend, cosign, enter_in_error, log_outreach
from dayward.chart.notes.services.drafting import (
    SHARED,
    save_note,
    save_shared,
    start_contact,
    start_note,
)
from dayward.chart.notes.services.signing import Signed, check_session, sign_note, sign_session

__all__ = [
    "SHARED",
    "Signed",
    "amend",
    "check_session",
    "cosign",
    "enter_in_error",
    "log_outreach",
    "save_note",
    "save_shared",
    "sign_note",
    "sign_session",
    "start_contact",
    "start_note",
]
