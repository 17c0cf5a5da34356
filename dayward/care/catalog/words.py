"""Sentences for what the rules found."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.rules.terms import Problem, Warn

PROBLEMS: dict[Problem, Promise] = {
    Problem.HOURS_BAND: _("Hours a day go from a smaller to a larger number."),
    Problem.DAYS_BAND: _("Days a week go from a smaller to a larger number, 1 to 7."),
    Problem.STAY_ORDER: _(
        "The shortest stay is not longer than the target, and the target not longer than the longest."
    ),
    Problem.NOTHING_PRESCRIBED: _("A program prescribes some time each week."),
    Problem.YOUNG_FLOOR: _("A floor for younger people has an age and hours."),
    Problem.PHP_FLOOR: _("Partial hospitalization does not ask for less than the floor of the program."),
}
WARNINGS: dict[Warn, Promise] = {
    Warn.HOURS_OUTSIDE: _("Outside three to five hours a day, which is what most programs do."),
    Warn.DAYS_OUTSIDE: _("Outside three to five days a week, which is what most programs do."),
    Warn.PRESCRIBED_UNDER_FLOOR: _("Less is prescribed than the weekly floor asks for."),
    Warn.NO_SLACK: _("Exactly the floor: one late arrival and the week falls short."),
    Warn.PARTIAL_HOSPITAL: _("More than 19 hours a week is what payers call partial hospitalization."),
    Warn.CANNOT_FIT: _("More is prescribed than the days and hours can hold."),
    Warn.SHORT_STAY: _("Shorter than six weeks, which studies name as the least for best results."),
}
