from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

PIPELINE = declare("journey.pipeline", _("See the pipeline and where each person stands"))
INTAKE = declare("journey.intake", _("Work an intake case: screen, book, hand over, waitlist, admit"))
DECIDE = declare("journey.decide", _("Decide the level of care, a hold, a flag or a discharge"))
OVERRIDE = declare(
    "journey.override", _("Do what only a director may: change track, sign an administrative discharge")
)
RULES = declare("journey.rules", _("Set ages, attempts, quiet days and which warnings refuse, from a day on"))
REACH = declare("journey.reach", _("Log a try to reach somebody who stays away"))
FOLLOW = declare(
    "journey.follow", _("Go along: the first-week list, its calls, the discharge plan and its appointments")
)
AFTERCARE = declare("journey.aftercare", _("Make the calls after discharge, and see to appointments kept"))
ALUMNI = declare("journey.alumni", _("Keep the alumni in touch: who asked for it, their groups and events"))
