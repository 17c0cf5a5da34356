"""The type of a reading, as `gathering` has it: for modules that are to know no framework."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Asked = Sequence[Any]  # querysets
Answers = Sequence[list[Any]]
Reading = Generator[Asked, Answers, T]
