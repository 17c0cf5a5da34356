"""What is told of PostgreSQL's programs: enough to act on, and no row."""

from __future__ import annotations

import pytest

from dayward.foundation.operations.backup import _harmless

FULL = (
    'pg_restore: error: COPY failed for table "people_person": PANIC:  could not write to file "pg_wal/x": '
)
ROW = 'CONTEXT:  COPY people_person, line 1339: "Qzmarked"'


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", ""),
        (f"{FULL}No space left on device\n{ROW}", ": No space left on device"),
        (
            f'pg_restore: error: ERROR:  duplicate key value violates unique constraint "one"\n{ROW}',
            ": duplicate key value violates unique constraint",
        ),
    ],
)
def test_what_a_program_said_is_told_up_to_where_a_row_could_stand(said: str, told: str) -> None:
    assert _harmless(said) == told
