"""What a clinic has set up, what it lacks, and in which order that is best done: plain values in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Text = str | Promise
SIGNS = frozenset({"therapist", "prescriber", "supervisor"})
ASSESSES = frozenset({"therapist", "prescriber"})
NEEDED = (  # without them nobody gets in, is treated, or answers for it
    ("intake", gettext_lazy("intake coordinator")),
    ("therapist", gettext_lazy("therapist")),
    ("director", gettext_lazy("program director")),
)


NAMED = 5  # names in one line; more are a number


@dataclass(frozen=True)
class SiteFact:
    name: str
    has_address: bool
    rooms: int
    programs: int
    closures: int  # from today on


@dataclass(frozen=True)
class ProgramFact:
    name: str
    has_numbers: bool
    has_track: bool


@dataclass(frozen=True)
class StaffFact:
    name: str
    roles: frozenset[str]
    sign_in: str  # queries.SignIn.state
    has_credential: bool
    has_hours: bool
    signs_as: frozenset[str] = frozenset()  # kinds of credential that are valid today


@dataclass(frozen=True)
class GroupFact:
    name: str
    meets: bool
    is_led: bool


@dataclass(frozen=True)
class Facts:
    """The clinic as it stands today, as far as the reader's role reaches."""

    sites: tuple[SiteFact, ...] = ()
    programs: tuple[ProgramFact, ...] = ()
    staff: tuple[StaffFact, ...] = ()
    groups: tuple[GroupFact, ...] = ()
    services: int = 0
    packs: int = 0
    payers: int = 0
    settings: int = 0  # said by the clinic itself
    own_texts: int = 0
    texts: int = 0
    questionnaires: int = 0
    templates: int = 0  # of notes
    running: tuple[str, ...] = ()  # what the machine lacks: a worker, a backup, room on the disk
    plan_seats: tuple[
        tuple[str, frozenset[str]], ...
    ] = ()  # who signs a treatment plan: seat, kinds of credential
    began: bool = False  # somebody asked for treatment


@dataclass(frozen=True)
class Step:
    """One thing to set up. `lacks`: what is still to do, in sentences; `there`: what is there already."""

    key: str
    title: Text
    why: Text
    icon: str
    url_name: str
    there: str = ""
    lacks: tuple[str, ...] = ()
    choice: bool = False  # holds as it is; worth a look

    @property
    def state(self) -> str:
        if self.lacks:
            return "lacks"
        return "choice" if self.choice else "done"


@dataclass(frozen=True)
class Overview:
    """All steps in order, and the one that comes next."""

    steps: tuple[Step, ...] = field(default_factory=tuple)

    @property
    def done(self) -> int:
        return sum(1 for step in self.counted if not step.lacks)

    @property
    def counted(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.choice)

    @property
    def to_look_at(self) -> int:
        """What holds nobody up and still lacks something."""
        return sum(1 for step in self.steps if step.choice and step.lacks)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.counted if step.lacks), None)


def overview(facts: Facts) -> Overview:
    """The steps of a clinic of one's own."""
    return Overview(tuple(step(facts) for step in STEPS))


def _names(rows: Iterable[str]) -> str:
    """Who or what it is; of more than a few, how many."""
    names = sorted(rows)
    return ", ".join(names) if len(names) <= NAMED else _("%(n)d of them") % {"n": len(names)}


def _each(sentence: str, names: Iterable[str]) -> tuple[str, ...]:
    """One sentence about all of them, or none."""
    found = _names(names)
    return (sentence % {"names": found},) if found else ()


def _sites(facts: Facts) -> Step:
    return Step(
        "sites",
        _("Names and sites"),
        _("A site has its own days: its time zone counts the weeks, its address and phone stand in papers."),
        "building",
        "organization:setup",
        there=_names(site.name for site in facts.sites),
        lacks=_each(
            _("No address or phone yet: %(names)s."),
            (site.name for site in facts.sites if not site.has_address),
        ),
    )


def _rooms(facts: Facts) -> Step:
    count = sum(site.rooms for site in facts.sites)
    return Step(
        "rooms",
        _("Rooms"),
        _("A room is never used twice at a time, and nobody sits over its seats."),
        "door",
        "catalog:programs",
        there=ngettext("%(n)d room", "%(n)d rooms", count) % {"n": count} if count else "",
        lacks=_each(_("No room yet: %(names)s."), (site.name for site in facts.sites if not site.rooms)),
    )


def _programs(facts: Facts) -> Step:
    lacks = () if facts.programs else (_("There is no program yet."),)
    return Step(
        "programs",
        _("Programs and tracks"),
        _("A program has its numbers, each from a day on; a track is a timetable within it."),
        "list-details",
        "catalog:programs",
        there=_names(program.name for program in facts.programs),
        lacks=lacks
        + _each(_("No numbers yet: %(names)s."), (one.name for one in facts.programs if not one.has_numbers))
        + _each(_("No track yet: %(names)s."), (one.name for one in facts.programs if not one.has_track)),
    )


def _services(facts: Facts) -> Step:
    count = facts.services
    return Step(
        "services",
        _("Kinds of services"),
        _("What can be booked, and whether its minutes count towards the floor."),
        "tags",
        "catalog:kinds",
        there=ngettext("%(n)d kind of service", "%(n)d kinds of services", count) % {"n": count},
        choice=True,
    )


def _rules(facts: Facts) -> Step:
    count = facts.packs
    said = ngettext("%(n)d pack was decided about here", "%(n)d packs were decided about here", count)
    return Step(
        "rules",
        _("Rules that make things due"),
        _(
            "Of the state, of accreditors and payers, and your own: each says what is due when, and who says so."
        ),
        "gavel",
        "standards:packs",
        there=said % {"n": count} if count else _("Those of each site's state hold by themselves"),
        choice=True,
    )


def _library(facts: Facts) -> Step:
    asked = ngettext("%(n)d questionnaire", "%(n)d questionnaires", facts.questionnaires)
    written = ngettext("%(n)d template of notes", "%(n)d templates of notes", facts.templates)
    return Step(
        "library",
        _("Library"),
        _("Questionnaires and templates of notes as they are: versions, languages, licenses, sources."),
        "stack-2",
        "staff:library",
        there=f"{asked % {'n': facts.questionnaires}}, {written % {'n': facts.templates}}",
        choice=True,
    )


def _settings(facts: Facts) -> Step:
    count = facts.settings
    said = ngettext("%(n)d is your own word", "%(n)d are your own word", count) % {"n": count}
    return Step(
        "settings",
        _("Settings"),
        _("What clinics do differently, each with the day from which it holds, and its history."),
        "adjustments",
        "staff:settings",
        there=said if count else _("All at their defaults"),
        choice=True,
    )


def _payers(facts: Facts) -> Step:
    count = facts.payers
    return Step(
        "payers",
        _("Payers"),
        _(
            "What each asks of a week, from a day on. A payer is written down with the first person it pays for."
        ),
        "credit-card",
        "coverage:payers",
        there=ngettext("%(n)d payer", "%(n)d payers", count) % {"n": count} if count else _("None yet"),
        choice=True,
    )


def _texts(facts: Facts) -> Step:
    told = _("%(own)d of %(all)d are your own") % {"own": facts.own_texts, "all": facts.texts}
    return Step(
        "texts",
        _("Consents and the notice"),
        _("The words that people sign. Ours were read by no lawyer: let yours read them first."),
        "file-text",
        "consent:texts",
        there=told if facts.own_texts else _("All in the words they come with"),
        choice=True,
    )


def _staff(facts: Facts) -> Step:
    missing = [str(name) for role, name in NEEDED if not any(role in one.roles for one in facts.staff)]
    waiting = [one.name for one in facts.staff if one.sign_in == "waiting"]
    there = ngettext("%(n)d person", "%(n)d people", len(facts.staff)) % {"n": len(facts.staff)}
    return Step(
        "staff",
        _("Staff and their roles"),
        _("Invite each by a link. A role says what they may open, from a day on."),
        "id-badge",
        "access:staff",
        there=there + (" · " + _("invited: %(names)s") % {"names": _names(waiting)} if waiting else ""),
        lacks=_each(_("Nobody has this role yet: %(names)s."), missing)
        + _each(
            _("The link ran out before a password was set: %(names)s."),
            (one.name for one in facts.staff if one.sign_in == "lapsed"),
        )
        + _each(_("No role: %(names)s."), (one.name for one in facts.staff if not one.roles)),
    )


def _credentials(facts: Facts) -> Step:
    signing = [one for one in facts.staff if one.roles & SIGNS]
    return Step(
        "credentials",
        _("Credentials and licenses"),
        _("A credential says what somebody may sign; a license has a last day."),
        "certificate",
        "access:staff",
        there=_names(one.name for one in signing if one.has_credential),
        lacks=(() if signing else (_("Nobody who signs clinical papers is there yet."),))
        + _each(
            _("They can sign nothing yet: %(names)s."),
            (one.name for one in signing if not one.has_credential),
        ),
    )


def _plan_team(facts: Facts) -> Step:
    held = frozenset[str]().union(*(one.signs_as for one in facts.staff))
    return Step(
        "plan_team",
        _("Who signs a treatment plan"),
        _(
            "Each seat of the team is signed by somebody else, by credential; the first plan waits for all of them."
        ),
        "signature",
        "access:staff",
        there=_names(title for title, kinds in facts.plan_seats if kinds & held),
        lacks=_each(
            _("Nobody has the credential yet to sign as: %(names)s."),
            (title for title, kinds in facts.plan_seats if not kinds & held),
        ),
        choice=True,
    )


def _hours(facts: Facts) -> Step:
    booked = [one for one in facts.staff if one.roles & ASSESSES]
    return Step(
        "hours",
        _("When staff work"),
        _("Assessments and visits are offered within these hours."),
        "clock",
        "schedule:staff_list",
        there=_names(one.name for one in booked if one.has_hours),
        lacks=(() if booked else (_("Nobody who assesses is there yet."),))
        + _each(_("No hours yet: %(names)s."), (one.name for one in booked if not one.has_hours)),
    )


def _closures(facts: Facts) -> Step:
    count = sum(site.closures for site in facts.sites)
    return Step(
        "closures",
        _("Holidays and closed days"),
        _("The holidays of each site's state are offered; you say on which the site is closed."),
        "calendar-off",
        "schedule:closures",
        there=ngettext("%(n)d day", "%(n)d days", count) % {"n": count} if count else "",
        lacks=_each(_("None chosen yet: %(names)s."), (one.name for one in facts.sites if not one.closures)),
    )


def _groups(facts: Facts) -> Step:
    return Step(
        "groups",
        _("Groups and when they meet"),
        _("Track, room, who leads: their rhythm puts the sessions of eight weeks on the calendar."),
        "users-group",
        "schedule:groups",
        there=ngettext("%(n)d group", "%(n)d groups", len(facts.groups)) % {"n": len(facts.groups)}
        if facts.groups
        else "",
        lacks=(() if facts.groups else (_("There is no group yet."),))
        + _each(_("It does not meet yet: %(names)s."), (one.name for one in facts.groups if not one.meets))
        + _each(
            _("Nobody leads it: %(names)s."),
            (one.name for one in facts.groups if one.meets and not one.is_led),
        ),
    )


def _running(facts: Facts) -> Step:
    return Step(
        "running",
        _("Installation"),
        _("Background worker, nightly backup, room on the disk: whoever keeps the machine sees to them."),
        "heartbeat",
        "operations:running",
        there="" if facts.running else _("It runs, and there is a backup"),
        lacks=facts.running,
        choice=True,
    )


def _first(facts: Facts) -> Step:
    return Step(
        "first",
        _("The first person"),
        _("Whoever takes people in writes down the first call, or hands in a referral, under Intake."),
        "phone",
        "journey:new_inquiry",
        there=_("People have asked for treatment") if facts.began else "",
        lacks=() if facts.began else (_("Nobody has asked for treatment yet."),),
    )


STEPS: tuple[Callable[[Facts], Step], ...] = (
    _sites,
    _rooms,
    _programs,
    _services,
    _staff,
    _credentials,
    _plan_team,
    _hours,
    _closures,
    _groups,
    _rules,
    _payers,
    _texts,
    _library,
    _settings,
    _running,
    _first,
)
