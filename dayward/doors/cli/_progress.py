"""Long work tells what it is doing, and how long each step took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 44


@contextmanager
def step(label: str) -> Iterator[None]:
    """`making the tables ........... 2.1 s`: the first half at once, the time when it is done."""
    started = time.monotonic()
    say(f"  {label} ".ljust(WIDTH, "."), end=" ")
    try:
        yield
    except BaseException:
        say("not done")
        raise
    say(f"{time.monotonic() - started:5.1f} s")


@contextmanager
def long_step(label: str) -> Iterator[None]:
    """A step that tells its parts on lines of their own; the time comes at the end."""
    started = time.monotonic()
    say(f"  {label}:")
    yield
    say(f"  {label} ".ljust(WIDTH, ".") + f" {time.monotonic() - started:5.1f} s")


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def detail(text: str) -> None:
    say(f"    {text}")
