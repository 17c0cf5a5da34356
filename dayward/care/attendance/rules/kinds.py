"""Kinds of services that count for one who asks for a floor and not for another (requirements 5.1: payer-dependent)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from dayward.care.attendance.rules.because import Because, gettext_noop, said
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Credit, Held, Outcome, Week
from dayward.care.attendance.rules.settings import Basis
from dayward.care.attendance.rules.stretches import as_minutes
from dayward.kernel.time import local_day

Sessions = tuple[Held, ...]


def counted_by(floor: Floor, sessions: Sessions, zone: ZoneInfo) -> Sessions:
    """The sessions as who asks for this floor counts them; the same tuple where that is as the program does."""
    if not floor.kinds:
        return sessions
    own = tuple(_counted(floor, each, zone) for each in sessions)
    return sessions if own == sessions else own


def _counted(floor: Floor, held: Held, zone: ZoneInfo) -> Held:
    counts = floor.counts(held.kind, local_day(held.span.start, zone), otherwise=held.counts)
    return held if counts is held.counts else replace(held, counts=counts)


def told_apart(floor: Floor, programs: Sessions, own: Sessions, week: Week) -> tuple[Because, ...]:
    """Of each kind that counts otherwise than for the program: how much that is in this week, and who says so."""
    if own is programs or floor.test is Basis.PRESCRIBED:
        return ()
    other = {mine.id: mine for mine, theirs in zip(own, programs, strict=True) if mine is not theirs}
    found: dict[tuple[int, bool], list[Credit]] = defaultdict(list)
    for credit in week.credits:
        if credit.session in other and credit.outcome is not Outcome.CANCELLED:
            held = other[credit.session]
            found[held.kind, held.counts].append(credit)
    return tuple(_sentences(floor, found))


def _sentences(floor: Floor, found: Mapping[tuple[int, bool], Sequence[Credit]]) -> Iterator[Because]:
    names = {each.kind: each.name for each in floor.kinds}
    for (kind, counts), there in sorted(found.items()):
        minutes = as_minutes(sum(credit.ticks for credit in there))
        word = floor.says_of(kind, there[-1].day)
        if floor.test is Basis.DELIVERED and not minutes:
            continue
        yield Because(
            SENTENCES[floor.test, counts],
            {"kind": names[kind], "minutes": said(minutes)},
            rule="kind.own",
            source=word.citation if word else "",
        )


SENTENCES = {
    (Basis.DELIVERED, True): gettext_noop("%(kind)s counts here and not for the program: %(minutes)s."),
    (Basis.DELIVERED, False): gettext_noop(
        "%(kind)s does not count here, though for the program: %(minutes)s."
    ),
    (Basis.SCHEDULED, True): gettext_noop("%(kind)s counts here and not for the program."),
    (Basis.SCHEDULED, False): gettext_noop("%(kind)s does not count here, though for the program."),
}
