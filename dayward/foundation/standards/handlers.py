"""What is due follows in the transaction that changed a fact."""

from __future__ import annotations

from dayward.foundation.standards.services import refresh
from dayward.kernel.facts import FactsChanged


def facts_changed(event: FactsChanged) -> None:
    refresh(people=event.people)
