"""What is due follows in the transaction that changed a fact; where nobody waits for it, a job sees to it."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from dayward.foundation.standards.services import refresh
from dayward.kernel.facts import FactsChanged, FactsChangedLater, SiteChanged

SEVERAL = 200  # people of one job


def facts_changed(event: FactsChanged) -> None:
    refresh(people=event.people, words=event.words)


def facts_changed_later(event: FactsChangedLater) -> None:
    people: list[Any] = sorted(event.people)
    for start in range(0, len(people), SEVERAL):
        # By name: the jobs call the services that this module calls.
        app.configure_task("standards.refresh_people").defer(people=people[start : start + SEVERAL])


def site_changed(event: SiteChanged) -> None:
    app.configure_task("standards.refresh_site").defer(site=event.site)
