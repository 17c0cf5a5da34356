"""Refuses a start when the table names evidence that nobody, or more than the one package, can prove."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from dayward.care.journey.rules.evidence import EVIDENCE
from dayward.kernel.evidence import providers


def evidence_has_one_provider(**_kwargs: Any) -> list[CheckMessage]:
    """Each key has exactly one provider; the registry itself refuses a second one."""
    found: list[CheckMessage] = []
    for item in EVIDENCE:
        if item.key not in providers and not item.awaited:
            hint = f"Register one in the apps.py of {item.package}, or mark the key as awaited."
            found.append(Error(f"No provider for evidence {item.key!r}.", hint=hint, id="journey.E001"))
        if item.key in providers and item.awaited:
            hint = "Take the mark off in rules/evidence.py: its transitions can be offered now."
            found.append(
                Error(
                    f"Evidence {item.key!r} is provided but marked as awaited.", hint=hint, id="journey.E002"
                )
            )
    known = {item.key for item in EVIDENCE}
    for key, _provider in providers:
        if key not in known:
            found.append(Error(f"Evidence {key!r} is provided but unknown to the table.", id="journey.E003"))
    return found


def install() -> None:
    """Called by `apps.py`."""
    register(evidence_has_one_provider, "dayward")
