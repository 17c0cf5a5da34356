from __future__ import annotations

from dayward.kernel.permissions import declare

SEE = declare("schedule.see", "See the week by room and clinician, sessions, and how many seats are left.")
EDIT = declare("schedule.edit", "Change groups, series, sessions, cover, closures and staff hours.")
ENROLL = declare("schedule.enroll", "Enroll a person in groups, book and cancel their sessions.")
REASONS = declare("schedule.reasons", "See why something was planned against a limit, and who said so.")
