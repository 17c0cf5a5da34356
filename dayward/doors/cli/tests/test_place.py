"""Only an empty place is filled, and what fails leaves it empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from dayward.doors.cli._place import emptied, empty_folder
from dayward.kernel.errors import Refused


def test_what_went_wrong_leaves_a_place_that_can_be_taken_again(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("18")
    (tmp_path / "secret-key").write_text("s")
    with pytest.raises(Refused, match="not empty"):
        empty_folder(str(tmp_path))
    emptied(tmp_path)
    assert empty_folder(str(tmp_path)) == tmp_path


def test_another_kind_of_address_is_no_folder() -> None:
    with pytest.raises(Refused, match="postgresql://"):
        empty_folder("mysql://somewhere/clinic")
