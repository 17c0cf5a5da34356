from __future__ import annotations

from dayward.kernel.permissions import declare

SEE = declare("catalog.see", "See programs, tracks, services, rooms and closures.")
EDIT = declare("catalog.edit", "Change programs with their numbers, tracks, services and rooms.")
