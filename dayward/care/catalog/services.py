from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dayward.care.catalog import events
from dayward.care.catalog.models import (
    Closure,
    KindCounting,
    KindEdit,
    Program,
    ProgramTerms,
    Room,
    ServiceKind,
    Track,
)
from dayward.care.catalog.rules import library
from dayward.care.catalog.rules import terms as rules
from dayward.care.catalog.words import PROBLEMS
from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.queries import day_at
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import site_changed

Closing = Room | Track | Program | ServiceKind
LIBRARY = Path(__file__).parent / "library" / "service-kinds"


# -- service kinds ---------------------------------------------------------------------------------------------


def library_kinds() -> list[library.Kind]:
    """The shipped kinds of services, in the order of their requirement."""
    kinds = [
        library.read_kind(path.read_text(encoding="utf-8"), stem=path.stem) for path in LIBRARY.glob("*.toml")
    ]
    return sorted(kinds, key=lambda kind: (kind.requirement, kind.key))


def differs(kind: ServiceKind) -> dict[str, Any]:
    """What the clinic says otherwise than the library: by field, what came."""
    came = next((_values(each) for each in library_kinds() if each.key == kind.key), {})
    return {
        name: value for name, value in came.items() if name != "counting" and getattr(kind, name) != value
    }


@transaction.atomic
def load_library() -> int:
    """Add the kinds that are missing. What the clinic changed stays as it is. Returns how many were added."""
    there = set(ServiceKind.objects.values_list("key", flat=True))
    new = [kind for kind in library_kinds() if kind.key not in there]
    if not new:
        return 0
    ServiceKind.objects.bulk_create(ServiceKind(**_values(kind)) for kind in new)
    record(actor=system_actor("catalog.load_library"), action="catalog.load_library", count=len(new))
    return len(new)


def _values(kind: library.Kind) -> dict[str, Any]:
    values = dataclasses.asdict(kind)
    del values["examples"]
    return values


@transaction.atomic
def edit_service_kind(*, actor: Actor, kind: ServiceKind, **changes: Any) -> ServiceKind:
    """Change how the clinic uses a kind: its name, length and size. Whether it counts has a day: `set_counting`."""
    kind = ServiceKind.objects.select_for_update().get(pk=kind.pk)
    other = {
        name: [getattr(kind, name), value] for name, value in changes.items() if getattr(kind, name) != value
    }
    if not other:
        return kind
    for field, (_before, value) in other.items():
        setattr(kind, field, value)
    kind.save(update_fields=list(other))
    KindEdit.objects.create(kind=kind, changes=other, made_by=actor.id)
    record(actor=actor, action="catalog.edit_service_kind", subject=kind, fields=sorted(other))
    return kind


@transaction.atomic
def add_service_kind(*, actor: Actor, name: str, **values: Any) -> ServiceKind:
    """A kind of the clinic's own, beside those that came."""
    if ServiceKind.objects.filter(name__iexact=name).exists():
        raise Refused(_("There is a service with that name already."))
    key = f"{ServiceKind.OWN}-{slugify(name)[:30] or 'service'}"
    taken = ServiceKind.objects.filter(key__startswith=key).count()
    kind = ServiceKind.objects.create(
        key=f"{key}-{taken + 1}" if taken else key, requirement=ServiceKind.OWN, name=name, **values
    )
    record(actor=actor, action="catalog.add_service_kind", subject=kind)
    return kind


@transaction.atomic
def set_counting(
    *, actor: Actor, kind: ServiceKind, effective_from: date, counting: str, reason: str = ""
) -> KindCounting:
    """From a day on its minutes count towards the floor, or do not. Weeks before keep what they were counted with."""
    kind = ServiceKind.objects.select_for_update().get(pk=kind.pk)
    rows = list(kind.countings.order_by("effective_from"))
    if rows and rows[-1].effective_from > effective_from:
        raise Refused(_("There is a newer word already, from %(day)s.") % {"day": rows[-1].effective_from})
    if counting == kind.counting_on(effective_from):
        raise Refused(_("That is what holds on that day already."))
    row = KindCounting(
        kind=kind, effective_from=effective_from, counting=counting, reason=reason, set_by=actor.id
    )
    if rows and rows[-1].effective_from == effective_from:
        rows[-1].correct(row)
        row = rows[-1]
    row.save()
    said = {each.effective_from.isoformat(): each.counting for each in rows}
    kind.dated = sorted({**said, effective_from.isoformat(): counting}.items())
    kind.save(update_fields=["dated"])
    publish(events.CountingChanged(kind.pk, effective_from, actor))
    record(
        actor=actor,
        action="catalog.set_counting",
        subject=kind,
        reason=reason,
        counting=counting,
        effective_from=effective_from.isoformat(),
    )
    return row


# -- programs --------------------------------------------------------------------------------------------------


@transaction.atomic
def add_program(
    *,
    actor: Actor,
    site: Site,
    name: str,
    stream: str,
    age_group: str,
    part_two: str = Program.PartTwo.UNKNOWN,
) -> Program:
    """Open a program. Its numbers come with `set_terms`."""
    if Program.objects.filter(site=site, name__iexact=name).exists():
        raise Refused(_("This site has a program with that name already."))
    program = Program.objects.create(
        site=site, name=name, stream=stream, age_group=age_group, part_two=part_two
    )
    record(actor=actor, action="catalog.add_program", subject=program, site=site)
    return program


@transaction.atomic
def edit_program(*, actor: Actor, program: Program, name: str, stream: str, part_two: str) -> Program:
    """Rename a program or change what law it falls under."""
    if Program.objects.filter(site=program.site, name__iexact=name).exclude(pk=program.pk).exists():
        raise Refused(_("This site has a program with that name already."))
    program.name, program.stream, program.part_two = name, stream, part_two
    program.save(update_fields=["name", "stream", "part_two"])
    record(actor=actor, action="catalog.edit_program", subject=program, site=program.site, part_two=part_two)
    return program


@transaction.atomic
def set_terms(*, actor: Actor, program: Program, effective_from: date, **numbers: Any) -> ProgramTerms:
    """New numbers from a day on. Those before end there; nothing that was counted before changes."""
    latest = (
        ProgramTerms.objects.select_for_update().filter(program=program).order_by("effective_from").last()
    )
    if latest and latest.effective_from > effective_from:
        raise Refused(_("There are newer numbers already, from %(day)s.") % {"day": latest.effective_from})
    terms = ProgramTerms(program=program, effective_from=effective_from, set_by=actor.id, **numbers)
    _refuse_bad_terms(terms)
    if latest and latest.effective_from == effective_from:
        latest.correct(terms)
        terms = latest
    elif latest:
        latest.effective_to = effective_from
        latest.save(update_fields=["effective_to"])
    terms.save()
    publish(events.TermsChanged(program.pk, effective_from, actor))
    record(
        actor=actor,
        action="catalog.set_terms",
        subject=terms,
        site=program.site,
        reason=terms.floor_reason,
        effective_from=effective_from.isoformat(),
    )
    return terms


def _refuse_bad_terms(terms: ProgramTerms) -> None:
    plain = terms.plain()
    reasons = [str(PROBLEMS[problem]) for problem in rules.problems(plain)]
    if rules.floor_needs_reason(plain) and not terms.floor_reason.strip():
        usual = rules.usual_floor(plain.age_group) // 60
        reasons.append(_("A floor under %(hours)d hours a week needs a reason.") % {"hours": usual})
    if reasons:
        raise Refused(reasons=reasons)


@transaction.atomic
def add_track(
    *, actor: Actor, program: Program, name: str, summary: str = "", part_of_day: str = "", cap: int = 12
) -> Track:
    """Add a weekly timetable to a program."""
    if Track.objects.filter(program=program, name__iexact=name).exists():
        raise Refused(_("This program has a track with that name already."))
    track = Track.objects.create(
        program=program, name=name, summary=summary, part_of_day=part_of_day, cap=cap
    )
    record(actor=actor, action="catalog.add_track", subject=track, site=program.site)
    return track


@transaction.atomic
def edit_track(*, actor: Actor, track: Track, name: str, summary: str, part_of_day: str, cap: int) -> Track:
    """Change a track's words and its usual cap; groups keep their own."""
    if Track.objects.filter(program=track.program, name__iexact=name).exclude(pk=track.pk).exists():
        raise Refused(_("This program has a track with that name already."))
    track.name, track.summary, track.part_of_day, track.cap = name, summary, part_of_day, cap
    track.save(update_fields=["name", "summary", "part_of_day", "cap"])
    record(actor=actor, action="catalog.edit_track", subject=track, site=track.program.site)
    return track


# -- rooms and closures ----------------------------------------------------------------------------------------


@transaction.atomic
def add_room(*, actor: Actor, site: Site, name: str, seats: int) -> Room:
    """Add a room with its seats."""
    if Room.objects.filter(site=site, name__iexact=name).exists():
        raise Refused(_("This site has a room with that name already."))
    room = Room.objects.create(site=site, name=name, seats=seats)
    record(actor=actor, action="catalog.add_room", subject=room, site=site)
    return room


@transaction.atomic
def edit_room(*, actor: Actor, room: Room, name: str, seats: int) -> Room:
    """Rename a room, or count its seats anew."""
    if Room.objects.filter(site=room.site, name__iexact=name).exclude(pk=room.pk).exists():
        raise Refused(_("This site has a room with that name already."))
    room.name, room.seats = name, seats
    room.save(update_fields=["name", "seats"])
    record(actor=actor, action="catalog.edit_room", subject=room, site=room.site, seats=seats)
    return room


@transaction.atomic
def close(*, actor: Actor, row: Closing) -> None:
    """Not used from today on. Refused while something still uses it; what was, stays readable."""
    kind = row._meta.model_name or ""
    if row.closed_on is not None:
        raise Refused(_("This is closed already."))
    site = _site_of(row)
    if isinstance(row, Program) and row.tracks.filter(closed_on=None).exists():
        raise Refused(_("Close its tracks first."))
    day = day_at(site)
    publish(events.Closes(kind, row.pk, day, actor))
    row.closed_on = day
    row.save(update_fields=["closed_on"])
    record(actor=actor, action=f"catalog.close_{kind}", subject=row, site=site)


@transaction.atomic
def reopen(*, actor: Actor, row: Closing) -> None:
    """In use again from now on."""
    if isinstance(row, Track) and row.program.closed_on is not None:
        raise Refused(_("Its program is closed: open that first."))
    row.closed_on = None
    row.save(update_fields=["closed_on"])
    kind = row._meta.model_name or ""
    record(actor=actor, action=f"catalog.reopen_{kind}", subject=row, site=_site_of(row))


def _site_of(row: Closing) -> Site | None:
    """None: it is of the whole house."""
    if isinstance(row, ServiceKind):
        return None
    return row.program.site if isinstance(row, Track) else row.site


@transaction.atomic
def close_days(*, actor: Actor, site: Site, days: Sequence[tuple[date, str]], reason: str) -> list[Closure]:
    """Close the site on days with a name each; sessions of those days are canceled by whoever listens."""
    taken = set(Closure.objects.standing().filter(site=site).values_list("day", flat=True))
    closures = [
        Closure.objects.create(site=site, day=day, name=name, reason=reason, made_by=actor.id)
        for day, name in days
        if day not in taken
    ]
    if not closures:
        raise Refused(_("The site is closed then already."))
    for closure in closures:
        publish(events.DayClosed(closure.pk, actor))
    site_changed(site.pk)
    record(
        actor=actor,
        action="catalog.close_days",
        site=site,
        days=[closure.day.isoformat() for closure in closures],
        why=reason,
    )
    return closures


@transaction.atomic
def withdraw_closure(*, actor: Actor, closure: Closure) -> Closure:
    """The site is open after all; sessions that were canceled for it come back where that is possible."""
    if closure.withdrawn_at:
        raise Refused(_("This closure was withdrawn already."))
    if closure.day < timezone.now().astimezone(closure.site.zone).date():
        raise Refused(_("A day that has passed stays as it was."))
    closure.withdrawn_at, closure.withdrawn_by = timezone.now(), actor.id
    closure.save(update_fields=["withdrawn_at", "withdrawn_by"])
    publish(events.DayReopened(closure.pk, actor))
    site_changed(closure.site_id)
    record(actor=actor, action="catalog.withdraw_closure", subject=closure, site=closure.site)
    return closure
