"""What packages above tell beside a questionnaire that is being answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dayward.chart.measures.models import Administration
from dayward.kernel.registry import Registry


@dataclass(frozen=True)
class Notice:
    """A line for the clinician who asks, with where to go on."""

    text: str
    url: str
    is_urgent: bool


class NoticeSource(Protocol):
    """What the answers so far have brought about, if anything."""

    def __call__(self, administration: Administration) -> Notice | None: ...


notices: Registry[NoticeSource] = Registry("notices beside a questionnaire")
