"""Which programs may serve which databases."""

from __future__ import annotations

import pytest

from dayward.doors.cli import _schema
from dayward.doors.cli._schema import Standing, refuse_newer_database, refuse_old_schema
from dayward.kernel.errors import Misconfigured


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(_schema, "read_marks", lambda: {"schema": "of another program"})
    return monkeypatch


@pytest.mark.parametrize(
    ("found", "may_serve"),
    [
        (Standing([], ["people.0999_later"], False), True),  # the program before, put back or not yet stopped
        (Standing(["people.0003_next"], [], False), False),  # not migrated yet
        (Standing(["people.0003_next"], ["people.0999_later"], False), False),  # another branch
        (Standing([], [], False), False),  # grants and set-up are due
    ],
)
def test_who_may_serve(stand: pytest.MonkeyPatch, found: Standing, may_serve: bool) -> None:
    stand.setattr(_schema, "standing", lambda: found)
    if may_serve:
        refuse_old_schema()
        with pytest.raises(Misconfigured, match="newer Dayward"):
            refuse_newer_database()
    else:
        with pytest.raises(Misconfigured, match="dayward migrate"):
            refuse_old_schema()
