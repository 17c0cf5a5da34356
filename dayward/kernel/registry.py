"""Registries that a lower package reads and higher packages fill in their `apps.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from dayward.kernel.errors import Misconfigured

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things, each registered once, read in the order of registration."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, T] = {}

    def register(self, key: str, item: T) -> None:
        """Add `item`; Misconfigured when the key is taken by something else."""
        if key in self._items and self._items[key] is not item:
            raise Misconfigured(f"{self.name}: two providers for {key!r}")
        self._items[key] = item

    def get(self, key: str) -> T | None:
        return self._items.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._items.items())

    def values(self) -> list[T]:
        return list(self._items.values())
