"""A backup of the synthetic clinic, restored into an empty place: the same rows and promises, an unbroken trail."""

from __future__ import annotations

import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from dayward.doors.cli.check import CHECKS
from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster, program
from tests.fixtures.server import PROGRAM, Clinics, clinic_environment, run_program

pytestmark = pytest.mark.program


@dataclass(frozen=True)
class Kept:
    """A clinic, a backup of it, and a folder for more."""

    var: Path
    file: Path
    place: Path
    said: str

    @property
    def key(self) -> Path:
        return self.var / "backup-key"

    def restore(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        given = ["restore", *map(str, arguments), "--key", str(self.key)]
        return tried(clinic_environment(self.place / "nowhere"), *given)


def tried(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def kept(clinics: Clinics) -> Iterator[Kept]:
    var = clinics.copy("seeded")
    place = Path(mkdtemp(prefix="dw-keep-", dir="/tmp"))
    place.chmod(0o755)
    said = run_program(clinic_environment(var), "backup", str(place / "backups"))
    (file,) = (place / "backups").iterdir()
    with Cluster(var / "pg").in_use():  # one start for all questions
        yield Kept(var, file, place, said)
    subprocess.run(["rm", "-rf", str(place)], check=True)


@pytest.fixture(scope="module")
def restored(kept: Kept) -> Iterator[tuple[Path, str]]:
    done = kept.restore(kept.file, "--into", kept.place / "again")
    assert done.returncode == 0, done.stdout + done.stderr
    with Cluster(kept.place / "again" / "pg").in_use():
        yield kept.place / "again", done.stdout


def ask(var: Path, question: str) -> list[tuple[object, ...]]:
    with (
        Cluster(var / "pg").in_use() as cluster,
        connect(embedded_database(cluster, OWNER, "dayward")) as owner,
    ):
        return owner.execute(question.encode()).fetchall()


def dumped(var: Path, *arguments: str) -> str:
    with Cluster(var / "pg").in_use() as cluster:
        done = subprocess.run(
            [
                program("pg_dump"),
                f"--host={cluster.socket_folder}",
                "--username",
                OWNER,
                *arguments,
                "dayward",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    return re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.MULTILINE)


def test_it_says_what_it_holds_and_how_the_chains_end(kept: Kept) -> None:
    ends = re.findall(r"Audit chain (\d+) ends at (\d+) with ([0-9a-f]{16})\.", kept.said)
    rows = ask(kept.var, "SELECT chain, position, encode(digest, 'hex') FROM audit_link")
    found = {(str(chain), str(position), str(digest)[:16]) for chain, position, digest in rows}
    assert len(ends) == 3
    assert set(ends) <= found
    assert "Copy it to a safe place" in kept.said


def test_file_and_key_are_for_their_owner_only(kept: Kept) -> None:
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.key.stat().st_mode) == 0o600


def test_nothing_can_be_read_in_the_file(kept: Kept) -> None:
    names = ask(kept.var, "SELECT legal_family FROM people_person LIMIT 20")
    content = kept.file.read_bytes()
    assert names
    assert not [name for (name,) in names if str(name).encode() in content]
    assert b"PGDMP" not in content


def test_the_backup_itself_stands_in_the_trail(kept: Kept) -> None:
    assert ask(kept.var, "SELECT kind, actor FROM audit_entry WHERE action = 'operations.backup'") == [
        ("export", "backup")
    ]


def test_the_restored_clinic_passes_every_check(restored: tuple[Path, str]) -> None:
    _var, said = restored
    assert said.count("\nok ") == len(CHECKS)
    assert "NOT OK" not in said


def test_every_row_is_there(kept: Kept, restored: tuple[Path, str]) -> None:
    """Also what pg_dump would not put into the same order: as sorted lines."""
    left_out = ("--exclude-table-data=django_session", "--exclude-table-data=access_cache")
    changed_since = ("--exclude-table-data=audit_*",)  # the backup and the restore left an entry each
    before, after = (
        sorted(dumped(var, "--data-only", *left_out, *changed_since).splitlines())
        for var in (kept.var, restored[0])
    )
    ours = [line for line in after if not line.startswith("SELECT pg_catalog.setval")]
    assert ours == [line for line in before if not line.startswith("SELECT pg_catalog.setval")]
    assert len(ours) > 10_000


def test_the_trail_goes_on_where_the_backup_ended(kept: Kept, restored: tuple[Path, str]) -> None:
    question = "SELECT * FROM audit_entry WHERE action NOT LIKE 'operations.%' ORDER BY id"
    assert ask(restored[0], question) == ask(kept.var, question)
    last = ask(restored[0], "SELECT action, actor FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert last == [("operations.restore", "restore")]


def test_every_promise_of_the_database_is_there(kept: Kept, restored: tuple[Path, str]) -> None:
    """Tables, constraints, triggers, functions and rights are the same, however PostgreSQL writes casts of lists."""
    assert plain(dumped(restored[0], "--schema-only")) == plain(dumped(kept.var, "--schema-only"))


def plain(schema: str) -> list[str]:
    without = re.sub(r"::(text|character varying)(\[\])?|[()]", "", schema)
    return [" ".join(line.split()) for line in without.splitlines()]


def test_documents_are_in_it(kept: Kept, restored: tuple[Path, str]) -> None:
    question = "SELECT md5(string_agg(md5(content), '' ORDER BY md5(content))) FROM documents_file"
    assert ask(restored[0], question) == ask(kept.var, question)


def test_signed_links_still_work_because_the_secret_key_came_along(
    kept: Kept, restored: tuple[Path, str]
) -> None:
    assert (restored[0] / "secret-key").read_text().strip() == (kept.var / "secret-key").read_text().strip()
    assert stat.S_IMODE((restored[0] / "secret-key").stat().st_mode) == 0o600


def test_a_place_that_is_not_empty_is_refused(kept: Kept) -> None:
    place = kept.place / "used"
    place.mkdir()
    (place / "letter.txt").write_text("mine")
    done = kept.restore(kept.file, "--into", place)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in place.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("damage", ["cut", "changed", "added"])
def test_a_damaged_file_is_one_sentence_and_leaves_nothing(kept: Kept, damage: str) -> None:
    content = bytearray(kept.file.read_bytes())
    if damage == "cut":
        del content[-1000:]
    elif damage == "changed":
        content[len(content) // 2] ^= 1
    else:
        content += b"more"
    file, place = kept.place / f"{damage}.backup", kept.place / damage
    file.write_bytes(content)
    done = kept.restore(file, "--into", place)
    assert (done.returncode, done.stderr) == (
        1,
        "dayward restore: The file is damaged or was cut short; nothing was taken from it.\n",
    )
    assert not place.exists()


def test_another_key_is_named_and_leaves_nothing(kept: Kept) -> None:
    other = kept.place / "other-key"
    other.write_text("A" * 43 + "=\n")
    done = tried(
        clinic_environment(kept.place / "nowhere"),
        *("restore", str(kept.file), "--into", str(kept.place / "wrong"), "--key", str(other)),
    )
    assert done.returncode == 1
    assert "sealed with the key" in done.stderr
    assert not (kept.place / "wrong").exists()


def test_looking_restores_nothing(kept: Kept) -> None:
    done = kept.restore(kept.file, "--look")
    assert done.returncode == 0
    assert "rows in" in done.stdout
    assert not (kept.place / "nowhere" / "pg").exists()


def test_a_folder_keeps_as_many_as_it_is_told_and_nobody_elses(kept: Kept) -> None:
    folder = kept.place / "few"
    folder.mkdir()
    for name in (
        "dayward-20200101T000000Z.backup",
        "dayward-20200102T000000Z.backup",
        "dayward-of-mine.backup",
    ):
        (folder / name).write_bytes(b"old")
    run_program(clinic_environment(kept.var), "backup", str(folder), "--keep", "2")
    left = sorted(path.name for path in folder.iterdir())
    assert left[0] == "dayward-20200102T000000Z.backup"
    assert left[-1] == "dayward-of-mine.backup"
    assert len(left) == 3


def test_a_backup_overwrites_nothing(kept: Kept) -> None:
    place = kept.place / "mine.backup"
    place.write_bytes(b"mine")
    done = tried(clinic_environment(kept.var), "backup", str(place))
    assert done.returncode == 1
    assert "overwrites nothing" in done.stderr
    assert place.read_bytes() == b"mine"
