"""How much memory a web process holds after every page was opened in it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.results import Result

GOAL_MB = 250
SERVED = b"serve"


def measure(demo: int) -> list[Result]:
    """Of the processes below the demo's those that serve; the one with the most. Shared pages count in each."""
    parents = {int(place.name): _parent(place) for place in Path("/proc").iterdir() if place.name.isdigit()}
    workers = [process for process in parents if _is_below(process, demo, parents) and _serves(process)]
    most = max((_kilobytes(process) for process in workers), default=0)
    return [Result("memory of a web process", round(most / 1024), "MB", GOAL_MB)]


def _parent(place: Path) -> int:
    try:
        return int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:  # it has ended
        return 0


def _is_below(process: int, above: int, parents: dict[int, int]) -> bool:
    while process and process != above:
        process = parents.get(process, 0)
    return process == above


def _serves(process: int) -> bool:
    try:
        return SERVED in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
