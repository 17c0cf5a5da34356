"""How long a referral takes from file to waiting in the pipeline, with the program started for all of them at once."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import clinic
from benchmarks.results import Result

GOAL_SECONDS = 1.0
OWN = clinic.ROOT / "dayward" / "care" / "referrals" / "tests" / "documents"


def documents() -> list[Path]:
    """Our own two; where the corpus of real ones is at hand (DAYWARD_CORPUS), those as well."""
    own = [path for path in OWN.iterdir() if path.suffix in {".json", ".xml"}]
    corpus = os.environ.get("DAYWARD_CORPUS")
    real = (
        [path for path in Path(corpus, "referrals").rglob("*") if path.suffix in {".json", ".xml", ".gz"}]
        if corpus
        else []
    )
    return sorted([*own, *(path for path in real if path.name != "MANIFEST.json")])


def copies(folder: Path) -> list[Path]:
    """The same bytes twice make one document, so each run imports files that differ in white space at the end."""
    made = []
    ending = b"\n" * (1 + time.time_ns() % 977)
    for number, source in enumerate(documents()):
        content = gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()
        copy = folder / f"{number:03}-{source.name.removesuffix('.gz')}"
        copy.write_bytes(content + ending)
        made.append(copy)
    return made


def measure() -> list[Result]:
    """The slowest single file, its program start included, would hide behind an average: both are told."""
    with TemporaryDirectory() as folder:
        return measure_files(copies(Path(folder)))


def measure_files(files: list[Path]) -> list[Result]:
    started = time.perf_counter()
    clinic.run("import", "--dry-run", *map(str, files))
    read = time.perf_counter() - started
    started = time.perf_counter()
    clinic.run("import", *map(str, files))
    whole = time.perf_counter() - started
    started = time.perf_counter()
    clinic.run("import", str(max(files, key=lambda path: path.stat().st_size)))
    largest = time.perf_counter() - started
    return [
        Result(f"import per referral ({len(files)} files)", round(whole / len(files), 3), "s", GOAL_SECONDS),
        Result(f"read per referral ({len(files)} files)", round(read / len(files), 3), "s", None),
        Result("import of the largest file alone, program start included", round(largest, 2), "s", None),
    ]
