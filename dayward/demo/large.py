"""Makes the small clinic large inside PostgreSQL: the same clinic in more towns, and years of people before it.

A simulation of five years takes hours of Python; rows that are copied where they lie take seconds. See
docs/decisions/0014-large-clinic-is-multiplied.md. Needs a superuser: triggers rest while rows are copied, and every
promise that they keep is proven afterwards (`large_proof.py`).
"""

# ruff: noqa: S608 - every name in these statements comes from the models, every value from this package

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from dayward.demo.large_choice import choose
from dayward.demo.large_models import Document, File, Table, signable, tables
from dayward.demo.large_proof import prove
from dayward.demo.large_sql import (
    STRETCH_WEEKS,
    SYLLABLES,
    Copy,
    Profile,
    Profiles,
    chosen_name,
    functions,
    names_pattern,
    profile,
)

Tell = Callable[[str], None]
Connection = psycopg.Connection[Any]

BESIDE = 2_000_000  # between the numbers of one clinic and the next
BACK = 100_000_000  # between the numbers of one stretch and the one before it; all stay below 2**31
ADDED = BESIDE - 100_000  # rows that the small clinic has not: the end of aftercare
TOWNS = (" II", " III", " IV", " V", " VI", " VII", " VIII", " IX", " X")


@dataclass(frozen=True)
class Growth:
    """How many stretches each clinic looks back on, the first being the oldest; the last one is simulated."""

    stretches: tuple[int, ...]
    weeks: int  # of one: what is simulated, with what is booked ahead, must fit


#: 600 people in treatment: five clinics of 128. The first opened five years ago, the others after it.
LARGE = Growth((6, 2, 1, 1, 1), STRETCH_WEEKS)


def multiply(connection: Connection, growth: Growth, anchor: date, tell: Tell) -> None:
    """All copies in one transaction, then the proof that nothing in them is broken."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL work_mem = '128MB'")
        connection.execute("SET LOCAL jit = off")
        _Multiplication(connection, growth, anchor, tell).run()
    with connection.transaction():
        tell("Proving that every reference and every promise holds")
        prove(connection)
    connection.execute("ANALYZE")


class _Multiplication:
    def __init__(self, connection: Connection, growth: Growth, anchor: date, tell: Tell) -> None:
        self.connection, self.growth, self.tell = connection, growth, tell
        self.years = range(anchor.year - 1, anchor.year + 2)
        self.tables = tables()

    def run(self) -> None:
        self.connection.execute(functions(self.years))
        self.profiles = self._profiles()
        chosen = choose(self.connection, self.tables)
        self._open_earlier()
        for stretch in range(1, max(self.growth.stretches) + 1):
            self.tell(f"Stretch {stretch} before the first")
            self._copy_back(stretch, chosen)
        for place, stretches in enumerate(self.growth.stretches[1:], start=1):
            self.tell(f"Clinic {place + 1}, with {stretches} stretches before")
            self._copy_beside(place, stretches)
        self._count_on()

    def _profiles(self) -> Profiles:
        found: dict[tuple[str, str], Profile] = {}
        for table in self.tables:
            texts = [column for column in table.columns if column.kind in ("text", "json")]
            if texts:
                row = self.connection.execute(profile(table, texts, self.years)).fetchone() or ()
                for place, column in enumerate(texts):
                    found[table.name, column.name] = Profile(*row[place * 5 : place * 5 + 5])
        return found

    def _open_earlier(self) -> None:
        """Terms, roles and timetables have held since before the first stretch."""
        days = self.growth.weeks * 7 * max(self.growth.stretches)
        for table, column in (
            ("catalog_programterms", "effective_from"), ("access_roleassignment", "starts_on"),
            ("people_staffmember", "started_on"), ("people_credential", "issued_on"),
            ("schedule_staffhours", "from_day"), ("schedule_series", "first_day"),
        ):  # fmt: skip
            self.connection.execute(f'UPDATE "{table}" SET "{column}" = "{column}" - {days}')

    def _copy_back(self, stretch: int, chosen: frozenset[Any]) -> None:
        staff = {row[0] for row in self.connection.execute("SELECT family FROM people_staffmember")}
        copy = Copy(
            stretch, stretch * BACK, SYLLABLES[stretch], names_pattern(staff), self.profiles,
            stretch * self.growth.weeks * 7, chosen,
        )  # fmt: skip
        where = {
            table: f'x."{_key(table)}" IN (SELECT id FROM {chosen_name(table.model)})'
            for table in self.tables
            if table.model in chosen
        }
        self._copy(copy, where)
        self._end_aftercare(stretch * BACK)

    def _copy_beside(self, place: int, stretches: int) -> None:
        copy = Copy(
            100 + place, place * BESIDE, SYLLABLES[place + max(self.growth.stretches)], names_pattern(()),
            self.profiles, suffix=TOWNS[place - 1],
        )  # fmt: skip
        where = {}
        for table in self.tables:
            if table.model is not File:
                own = f"x.id % {BACK} < {BESIDE} AND x.id < {(stretches + 1) * BACK}"
                where[table] = f"{own}{_of_a_clinic(table)}"
        self._copy(copy, where)

    def _copy(self, copy: Copy, where: dict[Table, str]) -> None:
        self.connection.execute("TRUNCATE moved, hashes")
        for table, condition in where.items():
            if any(column.name == "public_id" for column in table.columns):
                self.connection.execute(
                    f'INSERT INTO moved SELECT public_id FROM "{table.name}" x WHERE {condition}'
                )
        self.connection.execute("ANALYZE moved")
        self._sign_again(copy, where)
        self._file_again(copy, where)
        self.connection.execute("ANALYZE hashes")
        for table, condition in where.items():
            if table.model is not File:
                self.connection.execute(copy.insert(table, condition))
        self._print_again(copy)

    def _sign_again(self, copy: Copy, where: dict[Table, str]) -> None:
        """The fingerprints of signed texts, as they become."""
        for table in dict.fromkeys(table for table, _column in signable(self.tables) if table in where):
            self.connection.execute(
                f"DROP TABLE IF EXISTS signed_{table.name};"
                f" CREATE TEMP TABLE signed_{table.name} ON COMMIT DROP AS"
                f" SELECT x.id, x.signed_text AS before, {copy.renamed('x.signed_text')} AS said"
                f" FROM \"{table.name}\" x WHERE {where[table]} AND x.signed_text <> '';"
                f" CREATE UNIQUE INDEX ON signed_{table.name} (id); ANALYZE signed_{table.name}"
            )
            self.connection.execute(
                "INSERT INTO hashes SELECT pg_temp.hash(before), pg_temp.hash(said)"
                f" FROM signed_{table.name} ON CONFLICT DO NOTHING"
            )

    def _file_again(self, copy: Copy, where: dict[Table, str]) -> None:
        """Documents that are text get their names and days; a printed page becomes a line that says whose it was."""
        documents = next(table for table in where if table.model is Document)
        text = copy.renamed("convert_from(f.content, 'UTF8')")
        name = copy.renamed("p.legal_given || ' ' || p.legal_family", days=False)
        self.connection.execute(
            f"""CREATE TEMP TABLE papers ON COMMIT DROP AS
            SELECT DISTINCT ON (f.sha256) f.sha256 AS old, convert_to(
              CASE WHEN x.media_type = 'application/pdf'
              THEN x.title || chr(10) || {name} || chr(10) || left(f.sha256, 12)
              ELSE {text} END, 'UTF8') AS content
            FROM documents_document x JOIN documents_file f ON f.sha256 = x.file_id
            LEFT JOIN people_person p ON p.id = x.person_id
            WHERE {where[documents]}"""
        )
        self.connection.execute(
            "INSERT INTO hashes SELECT old, encode(sha256(content), 'hex') FROM papers"
            " ON CONFLICT (old) DO UPDATE SET new = excluded.new"
        )
        self.connection.execute(
            "INSERT INTO documents_file (sha256, content, size)"
            " SELECT encode(sha256(content), 'hex'), content, length(content) FROM papers ON CONFLICT DO NOTHING"
        )
        self.connection.execute("DROP TABLE papers")

    def _print_again(self, copy: Copy) -> None:
        self.connection.execute(
            "UPDATE documents_document SET media_type = 'text/plain', file_name = replace(file_name, '.pdf', '.txt')"
            " WHERE media_type = 'application/pdf' AND id >= %s AND file_id IN (SELECT new FROM hashes)",
            [copy.offset],
        )

    def _end_aftercare(self, offset: int) -> None:
        """Nobody of the past is still called: the calls ended after the last that was made."""
        self.connection.execute(
            """WITH ended AS (
              UPDATE journey_aftercarecase c SET state = 'aftercare_ended',
                state_since = c.state_since + interval '1 day' + COALESCE(
                  (SELECT greatest(max(made_at) - c.state_since, interval '0') FROM journey_aftercarecall a
                   WHERE a.episode_id = c.episode_id), interval '0')
              FROM journey_aftercarecase old
              WHERE c.id BETWEEN %(low)s AND %(high)s AND old.id = c.id AND c.state IN ('aftercare', 'alumni')
              RETURNING c.id, old.state AS before, c.state_since, c.opened_by)
            INSERT INTO journey_transition
              (id, public_id, aftercare_id, key, from_state, to_state, at, by, reason, evidence)
            SELECT %(added)s + row_number() OVER (), pg_temp.new_id(id::text, ':ended'), id, 'end_aftercare',
              before, 'aftercare_ended', state_since, opened_by, 'Asked not to be called any more', '{}' FROM ended""",
            {"low": offset, "high": offset + BESIDE - 1, "added": offset + ADDED},
        )
        self.connection.execute(
            "DELETE FROM standards_due WHERE id BETWEEN %s AND %s AND state = 'open'",
            [offset, offset + BESIDE - 1],
        )
        self.connection.execute(  # as the nightly job does (journey.services.end_teams)
            """UPDATE access_careteammember t
               SET during = tstzrange(lower(t.during), c.state_since + interval '30 days')
               FROM journey_aftercarecase c JOIN journey_episode e ON e.id = c.episode_id
               WHERE t.person_id = e.person_id AND upper_inf(t.during) AND t.id BETWEEN %(low)s AND %(high)s
                 AND c.state = 'aftercare_ended' AND c.state_since < now() - interval '30 days'""",
            {"low": offset, "high": offset + BESIDE - 1},
        )

    def _count_on(self) -> None:
        """The next row that somebody enters has a number of its own."""
        for table in self.tables:
            if table.model is not File:
                self.connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""
                    " HAVING max(id) IS NOT NULL"
                )


def _key(table: Table) -> str:
    return "sha256" if table.model is File else "id"


def _of_a_clinic(table: Table) -> str:
    """Rows that belong to no site and nobody are the organization's: one of each."""
    own = [f'x."{column.name}" IS NOT NULL' for column in table.pointers()]
    roots = table.name in ("organization_site", "people_user", "people_person", "people_staffmember")
    return "" if roots or not own else f" AND ({' OR '.join(own)})"
