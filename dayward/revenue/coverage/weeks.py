"""What payers ask of a week: their answer to `attendance.registries.floors`, beside the program's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dayward.care.attendance.registries import Asking
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.settings import Basis
from dayward.care.journey.models import Segment
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.time import WeekDefinition
from dayward.revenue.coverage.models import Coverage, WeekTerms
from dayward.revenue.coverage.queries import Kinds, kind_words, said_of_kinds

LEVELS = (Segment.Level.IOP.value, Segment.Level.PHP.value)  # ordinary outpatient care has no floor
Paid = tuple[int, date, date | None]  # payer, first and last day


Known = tuple[Mapping[int, list[Paid]], Mapping[int, list[WeekTerms]], Kinds]  # by person, by payer


class PayersFloors:
    """As told or as verified: a floor of a payer that turns out not to pay has warned for nothing."""

    def read(self, whose: Mapping[int, int]) -> Reading[Known]:
        """Most payers ask for nothing of their own: then there is no more to read than that."""
        asking = WeekTerms.objects.values("payer")
        rows = Coverage.objects.filter(person__in=list(whose), payer__in=asking).order_by("pk")
        coverages = yield from all_of(rows.values_list("person", "payer", "starts_on", "ends_on"))
        payers = sorted({payer for _person, payer, *_days in coverages})
        if not payers:
            return {}, {}, {}
        asked, of_kinds = yield [
            WeekTerms.objects.filter(payer__in=payers).select_related("payer"),
            said_of_kinds(payers),
        ]
        paid: dict[int, list[Paid]] = defaultdict(list)
        for person, payer, first, last in coverages:
            paid[whose[person]].append((payer, first or date.min, last))
        terms: dict[int, list[WeekTerms]] = defaultdict(list)
        for row in asked:
            terms[row.payer_id].append(row)
        return paid, terms, kind_words(of_kinds)

    def floors(self, asked: Sequence[Asking], known: Known) -> list[Sequence[Floor]]:
        paid, terms, kinds = known
        return [list(_of_week(each, paid.get(each.person, ()), terms, kinds)) for each in asked]


def _of_week(
    asking: Asking, paid: Iterable[Paid], terms: Mapping[int, list[WeekTerms]], kinds: Kinds
) -> Iterable[Floor]:
    """Of whoever pays on a day of the week, what holds on its first day."""
    last = asking.end - timedelta(days=1)
    payers = {
        payer for payer, since, until in paid if since <= last and (until is None or until >= asking.start)
    }
    for payer in sorted(payers):
        for row in terms[payer]:
            if row.holds_on(asking.start):
                for floor in _floors(row):
                    yield replace(floor, kinds=kinds.get(payer, ()))


def _floors(row: WeekTerms) -> Iterable[Floor]:
    for level in LEVELS:
        yield _floor(row, row.floor_minutes, level)
        if row.young_floor_minutes is not None:
            yield _floor(row, row.young_floor_minutes, level, row.young_under_age)


def _floor(row: WeekTerms, minutes: int, level: str, under_age: int | None = None) -> Floor:
    return Floor(
        minutes,
        f"payer.{row.payer.public_id}",
        row.payer.name,
        Basis(row.floor_test),
        level,
        under_age,
        citation=row.citation,
        week=WeekDefinition(row.week_starts) if row.week_starts else None,
        day_minimum_minutes=row.day_minimum_minutes,
        day_minimum_services=row.day_minimum_services,
        carry_back_days=row.carry_back_days,
    )
