"""Puts the moves of the table into the database, where a trigger reads them. Runs as the owner after migrations."""

from __future__ import annotations

from dayward.care.journey.models import Move
from dayward.care.journey.rules.table import TABLE


def wanted_moves() -> set[tuple[str, str, str]]:
    """Every pair of states that some row allows; an action keeps its state."""
    return {(row.machine.value, source, row.leads_to(source)) for row in TABLE for source in row.sources}


def load_moves() -> None:
    """Make the table in the database equal to the one in the code."""
    stored = {(move.machine, move.source, move.target): move.pk for move in Move.objects.all()}
    wanted = wanted_moves()
    Move.objects.filter(pk__in=[key for pair, key in stored.items() if pair not in wanted]).delete()
    Move.objects.bulk_create(
        Move(machine=machine, source=source, target=target)
        for machine, source, target in sorted(wanted - stored.keys())
    )
