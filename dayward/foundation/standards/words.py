"""Rules in words: what starts a clock, what settles it, how long it runs, how sure we are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dayward.foundation.standards.rules.pack import (
    Authority,
    Confidence,
    Length,
    Pattern,
    Rule,
    Scope,
    Unit,
)


@dataclass(frozen=True)
class Event:
    """A kind of fact that a clinic's own rule may name; `thing`: what each is about, where there are several."""

    words: str
    thing: str = ""


EVENTS: dict[str, Event] = {
    "episode.admitted": Event(gettext_noop("the person is admitted")),
    "episode.first_service": Event(gettext_noop("the first service is delivered")),
    "assessment.signed": Event(gettext_noop("the assessment is signed")),
    "plan.written": Event(gettext_noop("a plan is written and signed by its writer")),
    "plan.signed": Event(gettext_noop("the plan is signed by the team, and by the person or why not")),
    "plan.reviewed": Event(gettext_noop("the plan is reviewed")),
    "safety_plan.signed": Event(gettext_noop("the safety plan is signed")),
    "service.delivered": Event(gettext_noop("a service is delivered"), "booking"),
    "service.individual": Event(gettext_noop("an individual session is delivered"), "booking"),
    "service.medication": Event(gettext_noop("a medication visit is delivered"), "booking"),
    "visit.individual_booked": Event(gettext_noop("an individual session is booked"), "booking"),
    "visit.medication_booked": Event(gettext_noop("a medication visit is booked"), "booking"),
    "note.signed": Event(gettext_noop("its note is signed"), "booking"),
    "absence.unexcused": Event(gettext_noop("somebody stays away without a word"), "booking"),
    "outreach.made": Event(gettext_noop("somebody tried to reach them"), "booking"),
    "measure.baseline": Event(gettext_noop("PHQ-9 and GAD-7 have both been answered once")),
    "measure.done:phq-9": Event(gettext_noop("PHQ-9 is answered")),
    "measure.done:gad-7": Event(gettext_noop("GAD-7 is answered")),
    "medication.reconciled": Event(gettext_noop("the medication list is reconciled")),
    "hold.began": Event(gettext_noop("a hold begins"), "hold"),
    "hold.ended": Event(gettext_noop("a hold ends"), "hold"),
    "letter.asked": Event(gettext_noop("a letter is asked for"), "letter"),
    "letter.settled": Event(gettext_noop("the letter is handed out or sent"), "letter"),
    "discharge.planned": Event(gettext_noop("the discharge is planned")),
    "episode.discharged": Event(gettext_noop("the person is discharged")),
    "summary.signed": Event(gettext_noop("the discharge summary is signed")),
    "aftercare.opened": Event(gettext_noop("aftercare begins")),
    "aftercare.kept": Event(gettext_noop("an appointment after discharge is kept")),
    "alumni.joined": Event(gettext_noop("the person joins the alumni")),
    "document.filed:certified": Event(gettext_noop("a physician's certification is on file")),
    "document.filed:notice": Event(gettext_noop("the notice of confidentiality is signed")),
}
OTHERS = {  # facts that only packs name
    "week_one": gettext_noop("it is ticked off in the first week"),
    "call.made": gettext_noop("the call is made"),
    "note.cosign_asked": gettext_noop("a cosignature is asked for"),
    "note.cosigned": gettext_noop("the note is cosigned"),
    "alert.raised": gettext_noop("the alert is raised"),
    "alert.acknowledged": gettext_noop("the alert is answered"),
    "alert.contacted": gettext_noop("the person is reached"),
    "alert.closed": gettext_noop("the alert is closed"),
    "alert.raised_of_minor": gettext_noop("an alert about a minor is raised"),
    "alert.guardian": gettext_noop("the guardian is told, or it is written down why not"),
    "consent.asked_anew": gettext_noop("a form gets newer words than those signed"),
    "consent.signed_anew": gettext_noop("the newer words are signed"),
    "consent.declined_anew": gettext_noop("the person says no to them"),
    "hold.expected_return": gettext_noop("the day of return comes"),
    "medication.next_look": gettext_noop("the day to look again comes"),
    "medication.looked": gettext_noop("the medication is looked at"),
    "aftercare.appointment": gettext_noop("the appointment takes place"),
    "aftercare.appointment_known": gettext_noop("whether it was kept is known"),
    "aftercare.appointment_settled": gettext_noop("whether it was kept is known"),
}
SURE = {
    Confidence.VERIFIED: ("ok", "circle-check", gettext_noop("Read at the source")),
    Confidence.SECONDARY: ("warn", "alert-triangle", gettext_noop("Second hand: warns only")),
    Confidence.MEMORY: ("warn", "alert-triangle", gettext_noop("From memory: warns only")),
    Confidence.POLICY: ("quiet", "building", gettext_noop("The program's own policy")),
    Confidence.PROPOSED: ("info", "pencil", gettext_noop("Proposed: for the clinic to sign")),
}
AUTHORITIES = {
    Authority.POLICY: gettext_noop("Program policy"),
    Authority.STATE: gettext_noop("State"),
    Authority.PAYER: gettext_noop("Payer"),
    Authority.ACCREDITOR: gettext_noop("Accreditor"),
}

PAYERS = {
    "medicare": gettext_noop("Medicare"),
    "medicaid": gettext_noop("Medicaid"),
    "commercial": gettext_noop("a commercial plan"),
    "tricare": gettext_noop("TRICARE"),
    "self_pay": gettext_noop("the person"),
}


def scope(of: Scope) -> str:
    """“Sites in MN. Programs that treat substance use, alone or with something else.”"""
    by_authority = {
        Authority.POLICY: _("Everywhere."),
        Authority.STATE: _("Sites in %(states)s.") % {"states": ", ".join(of.of)},
        Authority.PAYER: _("People whose payer is %(payers)s.") % {"payers": _payers(of.of)},
        Authority.ACCREDITOR: _("Where you say that you are accredited."),
    }
    found = [by_authority[of.authority]]
    if of.streams:
        found.append(_("Programs that treat substance use, alone or with something else."))
    if of.payers:
        found.append(_("People whose payer is %(payers)s.") % {"payers": _payers(sorted(of.payers))})
    return " ".join(found)


def _payers(kinds: Iterable[str]) -> str:
    return _(" or ").join(_(PAYERS[kind]) if kind in PAYERS else kind for kind in kinds)


def in_force(since: date, until: date | None) -> str:
    """“In force from Jan 1, 2024, until Jun 30, 2025”; `until` is the first day on which it no longer is."""
    if since == date.min:
        return (
            _("Its first day is not on file") if until is None else _("Until %(day)s") % {"day": _last(until)}
        )
    words = {"since": date_format(since, "M j, Y")}
    if until is None:
        return _("In force from %(since)s") % words
    return _("In force from %(since)s, until %(day)s") % {**words, "day": _last(until)}


def _last(until: date) -> str:
    return str(date_format(until - timedelta(days=1), "M j, Y"))


def length(of: Length) -> str:
    """“24 hours”, “7 days”, “the same day”."""
    if of.unit.ends_with_the_day and of.amount == 0:
        return _("the same day")
    if of.unit is Unit.NEXT_SESSION:
        return _("before the next session of the same type")
    words = {
        Unit.MINUTES: ngettext("%(n)d minute", "%(n)d minutes", of.amount),
        Unit.HOURS: ngettext("%(n)d hour", "%(n)d hours", of.amount),
        Unit.DAYS: ngettext("%(n)d day", "%(n)d days", of.amount),
        Unit.OPEN_DAYS: ngettext(
            "%(n)d day on which the site is open", "%(n)d days on which the site is open", of.amount
        ),
        Unit.BUSINESS_DAYS: ngettext("%(n)d business day", "%(n)d business days", of.amount),
        Unit.MONTHS: ngettext("%(n)d month", "%(n)d months", of.amount),
        Unit.TREATMENT_DAYS: ngettext("%(n)d treatment day", "%(n)d treatment days", of.amount),
        Unit.SESSIONS: ngettext("%(n)d session", "%(n)d sessions", of.amount),
    }
    return words[of.unit] % {"n": of.amount}


def within(rule: Rule) -> str:
    """“10 treatment days, and at most 30 days”."""
    first = length(rule.within)
    if rule.at_most is None:
        return first
    return _("%(time)s and at most %(other)s") % {"time": first, "other": length(rule.at_most)}


def event(pattern: Pattern) -> str:
    """What a fact is, for somebody who runs a program."""
    known = EVENTS.get(str(pattern)) or EVENTS.get(pattern.kind)
    if known is not None:
        return _(known.words)
    kind = pattern.kind
    while kind:
        if kind in OTHERS:
            return _(OTHERS[kind])
        kind = kind.rpartition(".")[0]
    return str(pattern)


def asks(rule: Rule) -> str:
    """“Within 14 days after the first service is delivered: the discharge is planned.”"""
    after = _(" or ").join(dict.fromkeys(event(each) for each in rule.after))
    done = _(" or ").join(dict.fromkeys(event(each) for each in rule.done))
    words = {"time": within(rule), "after": after, "done": done}
    if rule.within.unit is Unit.NEXT_SESSION:
        return _("After %(after)s, %(time)s: %(done)s.") % words
    if rule.within.amount == 0:
        return _("The same day that %(after)s: %(done)s.") % words
    return _("Within %(time)s after %(after)s: %(done)s.") % words


def sure(confidence: str) -> tuple[str, str, str]:
    """State, icon and words."""
    state, icon, words = SURE[Confidence(confidence)]
    return state, icon, _(words)
