"""Findings as sentences, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dayward.foundation.operations.rules import Failed, Finding, Part, Trouble

PARTS = {
    Part.DATABASE: gettext_noop("Database"),
    Part.WORKER: gettext_noop("Background worker"),
    Part.QUEUE: gettext_noop("Waiting work"),
    Part.WORK: gettext_noop("Failed work"),
    Part.DISK: gettext_noop("Disk"),
    Part.BACKUP: gettext_noop("Backup"),
    Part.CLOCK: gettext_noop("Clock"),
}
WELL = {
    Part.DATABASE: gettext_noop("It answers."),
    Part.WORKER: gettext_noop("It runs."),
    Part.QUEUE: gettext_noop("Nothing waits longer than it should."),
    Part.WORK: gettext_noop("Nothing failed that was not done since."),
    Part.CLOCK: gettext_noop("It goes with what was written down before."),
}
TO_DO = {
    Trouble.UNREACHABLE: gettext_noop("Start PostgreSQL, or look at its log."),
    Trouble.NONE_RUNS: gettext_noop(
        "Start dayward worker. Until then no mail goes out, and alerts and nightly work wait."
    ),
    Trouble.STOPPED: gettext_noop(
        "Start dayward worker again. Until then no mail goes out, and alerts and nightly work wait."
    ),
    Trouble.BEHIND: gettext_noop("Look whether the worker runs; start a second one if it cannot keep up."),
    Trouble.FAILED: gettext_noop(
        "The log of the worker says why, beside the same names. Nightly work is tried again every night; once the"
        " cause is mended, dayward worker --again begins all of it again."
    ),
    Trouble.NEARLY_FULL: gettext_noop("Make room: when the disk is full, nothing more can be written down."),
    Trouble.NEVER: gettext_noop("Run dayward backup every night and keep the key somewhere else."),
    Trouble.OLD: gettext_noop("Look why the nightly dayward backup did not run, and run it now."),
    Trouble.WENT_BACK: gettext_noop(
        "Look which time is right, and have the machine ask a time server. Nothing is lost; times written down while"
        " the clock was wrong stay as they are, in the order in which they happened. Look at open alerts yourself."
    ),
    Trouble.APART: gettext_noop("Set the clocks of all machines by the same time server."),
}


@dataclass(frozen=True)
class Told:
    """One finding for a page."""

    part: str
    sentence: str
    to_do: str
    is_ok: bool
    is_waited_for: bool = False  # not there yet, and nothing is wrong with that


def told(finding: Finding) -> Told:
    to_do = _(TO_DO[finding.trouble]) if finding.trouble else ""
    waits = finding.is_ok and finding.part is Part.BACKUP and finding.since is None
    return Told(_(PARTS[finding.part]), sentence(finding), to_do, finding.is_ok, waits)


def sentence(finding: Finding) -> str:
    if finding.part is Part.DISK:
        return _("%(amount)s GB are free.") % {"amount": f"{finding.amount / 1e9:.1f}"}
    if finding.part is Part.BACKUP:
        return _backup(finding)
    if finding.trouble is None:
        return _(WELL[finding.part])
    if finding.part is Part.CLOCK:
        return _clock(finding)
    if finding.trouble is Trouble.BEHIND:
        return ngettext("%(n)s job is past its time.", "%(n)s jobs are past their time.", finding.amount) % {
            "n": finding.amount
        }
    if finding.trouble is Trouble.FAILED:
        return _("It failed and was not done since: %(works)s.") % {"works": _works(finding.failed)}
    if finding.trouble is Trouble.STOPPED and finding.since:
        return _("It stopped: it was last heard of %(when)s.") % {"when": _moment(finding.since)}
    return _("It does not answer.") if finding.trouble is Trouble.UNREACHABLE else _("None runs.")


def _works(failed: Sequence[Failed]) -> str:
    """By the names they have in the log."""
    return "; ".join(
        ngettext("%(task)s (since %(when)s)", "%(task)s (%(n)s times since %(when)s)", one.times)
        % {"task": one.task, "when": _moment(one.since), "n": one.times}
        for one in failed
    )


def _clock(finding: Finding) -> str:
    if finding.trouble is Trouble.APART:
        return _("This machine and the database are %(span)s apart.") % {"span": span(finding.amount)}
    assert finding.since
    told = {"span": span(finding.amount), "when": _moment(finding.since)}
    return _("It went back by %(span)s: something is written down for %(when)s already.") % told


def span(seconds: int) -> str:
    """As people say it: `3 h 5 min`."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _backup(finding: Finding) -> str:
    if finding.since:
        return _("The last one is of %(when)s.") % {"when": _moment(finding.since)}
    return _("There is none.") if finding.trouble else _("There is none yet.")


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "M j, g:i A")
