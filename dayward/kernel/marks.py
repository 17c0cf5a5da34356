"""Marks: what packages above say beside a person on the list of a session (at risk, an open alert), for who may see it.

A page below asks `read_marks`; doors fill the registry in their `apps.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

from dayward.kernel.gathering import Reading, side_by_side
from dayward.kernel.registry import Registry


@dataclass(frozen=True)
class Mark:
    """A word with its state (`warn` or `bad`), why, and where it is looked at."""

    word: str
    state: str = "warn"
    note: str = ""
    url: str = ""


class MarkSource(Protocol):
    """Marks of some of these people, by primary key; of nobody whose chart is closed to the reader."""

    def __call__(self, request: HttpRequest, people: Sequence[Any]) -> Reading[dict[int, Mark]]: ...


marks: Registry[MarkSource] = Registry("marks beside people")


def read_marks(request: HttpRequest, people: Sequence[Any]) -> Reading[dict[int, list[Mark]]]:
    """By primary key of the person, in the order of registration."""
    if not people:
        return {}
    told = yield from side_by_side(source(request, people) for source in marks.values())
    found: dict[int, list[Mark]] = {}
    for each in told:
        for key, mark in each.items():
            found.setdefault(key, []).append(mark)
    return found
