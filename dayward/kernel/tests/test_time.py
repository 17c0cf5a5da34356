from __future__ import annotations

from datetime import date

import pytest

from dayward.kernel.time import written_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-13-45", None),
        ("2023-02-29", None),
        ("9999-12-31", None),  # a week around it would leave the calendar
        ("0001-01-01", None),
        ("today", None),
        ("", None),
    ],
)
def test_a_day_in_an_address_is_a_day_or_nothing(text: str, day: date | None) -> None:
    assert written_day(text) == day
