"""What a program asks of a week: the first answer to `registries.floors` and `registries.settings`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from dayward.care.attendance.registries import Asking, nothing
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.settings import Basis, LateRule, Settings
from dayward.care.catalog.models import ProgramTerms
from dayward.care.journey.models import Segment
from dayward.kernel.gathering import Reading

KEY = "program"
IOP, PHP = Segment.Level.IOP.value, Segment.Level.PHP.value


class ProgramFloors:
    """Ordinary outpatient care has no floor."""

    def read(self, whose: Mapping[int, int]) -> Reading[None]:
        """The numbers of the program come with the week."""
        return nothing()

    def floors(self, asked: Sequence[Asking], known: None) -> list[Sequence[Floor]]:
        return [_floors(each) for each in asked]


def _floors(asked: Asking) -> list[Floor]:
    terms = asked.terms
    if terms is None or not terms.floor_minutes:
        return []
    test, source = Basis(terms.floor_test), terms.source or asked.program
    php = terms.php_floor_minutes or terms.floor_minutes
    back = terms.carry_back_days

    def floor(minutes: int, level: str, under_age: int | None = None) -> Floor:
        return Floor(minutes, KEY, source, test, level, under_age, carry_back_days=back)

    found = [floor(terms.floor_minutes, IOP), floor(php, PHP)]
    if terms.young_floor_minutes is not None and terms.young_under_age is not None:
        young, age = terms.young_floor_minutes, terms.young_under_age
        found += [floor(young, level, age) for level in (IOP, PHP)]
    return found


def settings(asked: Sequence[Asking]) -> list[Settings | None]:
    return [_settings(each.terms) if each.terms else None for each in asked]


def _settings(terms: ProgramTerms) -> Settings:
    return Settings(
        floor_minutes=terms.floor_minutes,
        test=Basis(terms.floor_test),
        late_after_minutes=terms.late_after_minutes,
        late_rule=LateRule(terms.late_rule),
        minimum_presence=Fraction(terms.presence_percent, 100),
        breaks_count=terms.breaks_count,
        day_minimum_minutes=terms.day_minimum_minutes,
        day_minimum_services=terms.day_minimum_services,
    )
