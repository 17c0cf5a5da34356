"""Evidence: what a transition of the journey needs, by key; the package that knows a fact provides it.

Each key has exactly one provider (a system check refuses none or two).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dayward.kernel.registry import Registry


@dataclass(frozen=True)
class Evidence:
    """Whether the fact is there, and if not what is missing and who can give it."""

    present: bool
    sentence: str = ""
    who: str = ""
    url: str = ""  # where to give it, when there is a page for it


class EvidenceProvider(Protocol):
    """Looks a fact up for one subject (`kind` is "case" or "episode", `id` its primary key)."""

    def __call__(self, *, kind: str, id: int) -> Evidence: ...


providers: Registry[EvidenceProvider] = Registry("evidence providers")
