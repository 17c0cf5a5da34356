"""Loading the code set. The owner's role writes it, after migrations; nobody edits it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from dayward.foundation.audit import services as audit
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.terms import rules
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.errors import Misconfigured

DATA = Path(__file__).parent / "data"


def load_icd() -> int:
    """Bring the table to the release in `data/`; how many codes it wrote (0: nothing to do)."""
    path = max(DATA.glob("icd10cm-*.tsv.gz"), default=None)
    if path is None:
        raise Misconfigured("The table of ICD-10-CM codes is missing; make it with tools/make_icd.py.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        release, count = _header(next(lines))
        if IcdCode.objects.filter(release=release, current=True).count() == count:
            return 0
        return _load(lines, release)


def _header(line: str) -> tuple[str, int]:
    kind, release, count = line.rstrip("\n").split("\t")
    if kind != "icd-10-cm":
        raise Misconfigured("The table of ICD-10-CM codes has an unknown first line.")
    return release, int(count)


def _rows(lines: Iterator[str], release: str) -> Iterator[tuple[str, str, str, bool, str, int]]:
    for line in lines:
        code, billable, title, also = line.rstrip("\n").split("\t")
        yield code, title, also, billable == "1", release, rules.rank(code)


@transaction.atomic
def _load(lines: Iterator[str], release: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE icd_new (code text, title text, also text, billable boolean, release text, "
            "rank smallint)"
        )
        with cursor.copy("COPY icd_new FROM STDIN") as copy:
            for row in _rows(lines, release):
                copy.write_row(row)
        cursor.execute(
            "UPDATE terms_icdcode SET current = false WHERE code NOT IN (SELECT code FROM icd_new)"
        )
        cursor.execute(
            "INSERT INTO terms_icdcode (code, title, also, billable, release, current, rank) "
            "SELECT code, title, also, billable, release, true, rank FROM icd_new ORDER BY rank, code "
            "ON CONFLICT (code) DO UPDATE SET title = excluded.title, also = excluded.also, "
            "billable = excluded.billable, release = excluded.release, current = true, rank = excluded.rank"
        )
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE icd_new")
        _count_words()
    audit.record(
        actor=system_actor("terms.load_icd"), action="terms.load_icd", release=release, codes=written
    )
    return written


def _count_words() -> None:
    """Every word once; numbers and very short words say nothing about a typing mistake."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM terms_icdword")
        cursor.execute(
            "INSERT INTO terms_icdword (word, uses) "
            "SELECT word, ndoc FROM ts_stat('SELECT words FROM terms_icdcode') WHERE word ~ '^[a-z]{4,}$'"
        )
        cursor.execute("ANALYZE terms_icdcode, terms_icdword")
