"""`dayward import`: one JSON line per file, whatever the file."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import pytest

from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.referrals.tests.documents import HERE
from dayward.doors.cli import import_
from dayward.foundation.organization.factories import make_site
from dayward.kernel.errors import Refused

SUMMARY, BUNDLE = HERE / "discharge_summary.xml", HERE / "discharge_bundle.json"


def options(*arguments: str) -> Namespace:
    parser = ArgumentParser()
    import_.arguments(parser)
    return parser.parse_args(arguments)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_dry_run_only_reads(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<ClinicalDocument>")
    asked = options("--dry-run", str(SUMMARY), str(BUNDLE), str(broken))
    assert not import_.needs_database(asked)
    assert import_.run(asked) == 0
    told = lines(capsys)
    assert [line["outcome"] for line in told] == ["accepted", "accepted", "refused"]
    assert [line["file"] for line in told] == [str(SUMMARY), str(BUNDLE), str(broken)]
    assert told[1]["patient"] == {
        "family": "Ñúñez-Quist",
        "given": "Rosalía",
        "birth_date": "1991-04-23",
        "sex": "female",
    }
    assert told[2]["reason"] == "not-well-formed"


@pytest.mark.django_db
def test_understood_files_wait_at_the_site(capsys: pytest.CaptureFixture[str]) -> None:
    make_site(name="North")
    south = make_site(name="South")
    asked = options("--site", "south", str(SUMMARY), str(SUMMARY))
    assert import_.needs_database(asked)
    assert import_.run(asked) == 0
    assert [line["outcome"] for line in lines(capsys)] == ["accepted", "accepted"]
    referral = ReferralDocument.objects.get()
    assert (referral.site, referral.state, referral.document.received_by) == (south, State.WAITING, "import")


@pytest.mark.django_db
def test_an_unknown_site_is_told() -> None:
    make_site(name="North")
    with pytest.raises(Refused, match="North"):
        import_.run(options("--site", "Nowhere", str(SUMMARY)))


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert import_.run(options("--dry-run", str(tmp_path / "gone.xml"), str(SUMMARY))) == 1
    told = lines(capsys)
    assert (told[0]["outcome"], told[0]["reason"], told[1]["outcome"]) == (
        "refused",
        "cannot-open",
        "accepted",
    )


def test_a_name_that_is_no_text_is_told_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert import_.run(options("--dry-run", "no-such-\udcff.xml")) == 1
    assert lines(capsys)[0]["outcome"] == "refused"
