"""Evidence: what a transition of the journey needs, by key; the package that knows a fact provides it.

Each key has exactly one provider (a system check refuses none or two).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from dayward.kernel.gathering import Reading, alone, lift
from dayward.kernel.registry import Registry


@dataclass(frozen=True)
class Evidence:
    """Whether the fact is there, and if not what is missing and who can give it."""

    present: bool
    sentence: str = ""
    who: str = ""
    url: str = ""  # where to give it, when there is a page for it


class EvidenceProvider(Protocol):
    """Looks a fact up for one subject (`kind` is "case" or "episode", `id` its primary key).

    As a reading (kernel/gathering.py) its facts are read together with those of the other providers.
    """

    def __call__(self, *, kind: str, id: int) -> Evidence | Reading[Evidence]: ...


providers: Registry[EvidenceProvider] = Registry("evidence providers")


def prove(key: str, *, kind: str, id: int) -> Evidence:
    """What the provider of one key says."""
    provider = providers.get(key)
    if provider is None:
        raise KeyError(key)
    return alone(lift(provider(kind=kind, id=id)))


_asked: ContextVar[tuple[str, int, Any] | None] = ContextVar("asked", default=None)


@contextmanager
def asking(kind: str, id: int, row: object) -> Iterator[None]:
    """Within: `row` is the one asked about, so that no provider needs to read it again."""
    token = _asked.set((kind, id, row))
    try:
        yield
    finally:
        _asked.reset(token)


def asked_about(kind: str, id: int) -> Any:
    """The row of `asking`, if it is this one; else None, and the provider reads it."""
    asked = _asked.get()
    return asked[2] if asked is not None and asked[:2] == (kind, id) else None
