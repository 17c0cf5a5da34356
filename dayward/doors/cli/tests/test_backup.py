"""Which files a nightly backup leaves in its folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

from dayward.doors.cli.backup import remove_old

DAY = 24 * 60 * 60


def put(folder: Path, name: str, days_ago: float = 0) -> None:
    (folder / name).touch()
    then = time.time() - days_ago * DAY
    os.utime(folder / name, (then, then))


def test_the_newest_stay_and_what_a_killed_one_left_goes_after_a_day(tmp_path: Path) -> None:
    for day in range(1, 5):
        put(tmp_path, f"dayward-2026110{day}T043000Z.backup")
    put(tmp_path, "dayward-before-the-move.backup", days_ago=90)
    put(tmp_path, ".dayward-20261101T043000Z.backup.77", days_ago=2)
    put(tmp_path, ".dayward-20261104T043000Z.backup.78", days_ago=0.5)
    remove_old(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".dayward-20261104T043000Z.backup.78",
        "dayward-20261103T043000Z.backup",
        "dayward-20261104T043000Z.backup",
        "dayward-before-the-move.backup",
    ]
