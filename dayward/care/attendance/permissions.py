from __future__ import annotations

from dayward.kernel.permissions import declare

ROLL = declare("attendance.roll", "Take the roll of a session one leads, and correct it with a reason.")
READ = declare("attendance.read", "See who was there and how a person's week counts.")
WEEKS = declare("attendance.weeks", "See the week of everybody in a program against the floor.")
EXEMPT = declare("attendance.exempt", "Say that a week is exempt from the floor, with a reason.")
