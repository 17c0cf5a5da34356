from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.db import connection

from dayward.foundation.terms import services
from dayward.foundation.terms.models import IcdCode, IcdWord
from dayward.kernel.errors import Misconfigured


@pytest.fixture
def owner_role(db: None, settings: object) -> None:
    """Loading is done by the owner of the tables; here a table of the same shape that the test may write."""
    with connection.cursor() as cursor:
        for table in ("terms_icdcode", "terms_icdword"):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")


def write(path: Path, release: str, *lines: str) -> None:
    text = "\n".join([f"icd-10-cm\t{release}\t{len(lines)}", *lines]) + "\n"
    path.joinpath(f"icd10cm-{release}.tsv.gz").write_bytes(gzip.compress(text.encode()))


@pytest.mark.usefixtures("owner_role")
def test_a_new_release_replaces_titles_and_keeps_what_it_drops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "DATA", tmp_path)
    write(tmp_path, "2026-04", "F33.1\t1\tOld words\t", "F99\t1\tDropped later\t")
    assert services.load_icd() == 2
    assert services.load_icd() == 0
    write(tmp_path, "2026-10", "F33.1\t1\tNew words\tAnother name")
    assert services.load_icd() == 1
    rows = {row.code: row for row in IcdCode.objects.all()}
    assert (rows["F33.1"].title, rows["F33.1"].release) == ("New words", "2026-10")
    assert not rows["F99"].current and rows["F99"].release == "2026-04"
    assert IcdWord.objects.filter(word="another").exists()


def test_a_missing_table_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "DATA", tmp_path)
    with pytest.raises(Misconfigured, match="make_icd"):
        services.load_icd()


@pytest.mark.django_db
def test_the_whole_release_is_loaded() -> None:
    assert IcdCode.objects.filter(current=True).count() > 90_000
    assert IcdCode.objects.get(code="F33").billable is False
    assert IcdCode.objects.get(code="F33.1").billable is True
