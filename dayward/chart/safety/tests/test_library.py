from __future__ import annotations

from pathlib import Path

import pytest

from dayward.chart.safety import checks, library
from dayward.kernel.errors import Misconfigured

WHOLE = {"acts": ["risk"], "diagnose": "none", "license": True, "source": "here"}


@pytest.mark.parametrize(
    "row",
    [
        {**WHOLE, "acts": ["fly"]},
        {**WHOLE, "diagnose": "some"},
        {**WHOLE, "source": ""},
        {**WHOLE, "extra": 1},
        {key: value for key, value in WHOLE.items() if key != "license"},
    ],
)
def test_a_malformed_row_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(Misconfigured, match="table"):
        library.read({"nurse": row}, "broken")


def test_the_shipped_table_passes_the_check() -> None:
    assert checks.check_qualifications() == []


def test_a_broken_or_incomplete_table_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "broken": "acts = [",
        "short": '[nurse]\nacts=[]\ndiagnose="none"\nlicense=false\nsource="x"',
    }.items():
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "table.toml").write_text(text)
        tmp_path.joinpath(name, "examples.toml").write_text("example = []")
    monkeypatch.setattr(library, "QUALIFICATIONS", tmp_path)
    library.qualifications.cache_clear()
    found = checks.check_qualifications()
    library.qualifications.cache_clear()
    assert [message.id for message in found] == ["safety.E001", "safety.E002"]
