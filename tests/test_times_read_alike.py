"""A time of day is written one way: 5:30 PM."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils.formats import date_format, time_format

from dayward.care.schedule.times import clock

PACKAGE = Path(__file__).resolve().parent.parent / "dayward"
NOON = datetime(2026, 3, 4, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize("suffix", ["html", "py"])
def test_no_page_writes_it_another_way(suffix: str) -> None:
    """The letters `a` and `P` of Django's formats give “1:00 p.m.”, and two dots at the end of a sentence."""
    other = re.compile(r"""g:i a\b|(?:date|time|now):?\s?"[^"]*\bP\b[^"]*\"""")
    found = [path for path in PACKAGE.rglob(f"*.{suffix}") if other.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_what_has_no_format_of_its_own_reads_alike() -> None:
    local = NOON.astimezone(ZoneInfo("America/Chicago"))
    assert clock(NOON, ZoneInfo("America/Chicago")) == "12:05 PM"
    assert time_format(time(12, 5)) == "12:05 PM"
    assert date_format(local, "DATETIME_FORMAT") == "Mar 4, 2026, 12:05 PM"
    assert Template("{{ at|time }}").render(Context({"at": time(13)})) == "1:00 PM"
