"""Where somebody stands on the machine, and what the next steps still need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.queries.policy import policy_of
from dayward.care.journey.rules import evidence, states, table
from dayward.care.journey.rules.machine import Gate, Machine, Missing, Verdict, judge, offered
from dayward.care.journey.rules.machine import Transition as Row
from dayward.foundation.organization.models import Site
from dayward.kernel.evidence import Evidence, asking, providers
from dayward.kernel.gathering import lift, together

Walker = IntakeCase | Episode | AftercareCase
KINDS: dict[type[Any], tuple[str, Machine]] = {
    IntakeCase: ("case", Machine.INTAKE),
    Episode: ("episode", Machine.EPISODE),
    AftercareCase: ("aftercare", Machine.AFTERCARE),
}


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing, who can give it and where."""

    sentence: str
    who: str
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One step that is offered, with what it still needs."""

    row: Row
    allowed: bool
    missing: tuple[Lacking, ...]
    to_explain: tuple[Lacking, ...]
    warnings: tuple[Lacking, ...]

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def label(self) -> str:
        return _(self.row.label)


def kind_of(walker: Walker) -> str:
    """ "case", "episode" or "aftercare", as evidence providers are asked."""
    return KINDS[type(walker)][0]


def machine_of(walker: Walker) -> Machine:
    return KINDS[type(walker)][1]


def site_of(walker: Walker) -> Site:
    if isinstance(walker, IntakeCase):
        return walker.site
    return (walker.episode if isinstance(walker, AftercareCase) else walker).program.site


def state_label(state: str) -> str:
    """The state's name in the reader's language."""
    return _(states.label_of(state))


def find_evidence(walker: Walker, keys: Iterable[str]) -> dict[str, Evidence]:
    """Ask the one provider of each key, all together; a key without one is simply not there."""
    kind = kind_of(walker)
    asked = {key: provider for key in keys if (provider := providers.get(key)) is not None}
    with asking(kind, walker.pk, walker):
        answers = together(lift(provider(kind=kind, id=walker.pk)) for provider in asked.values())
    return dict(zip(asked, answers, strict=True))


def open_alert(episode: Episode) -> str:
    """What a step that ends treatment has to say about an open alert; empty where none is open."""
    found = find_evidence(episode, ("alert.answered",))["alert.answered"]
    return "" if found.present else found.sentence


def judge_step(walker: Walker, row: Row, found: Mapping[str, Evidence], *, reason: str = "") -> Verdict:
    """The rules' verdict; where the clinic has made a warning hard, it refuses."""
    present = {key: item.present for key, item in found.items()}
    warns = any(ask.gate is Gate.POLICY and not present.get(ask.key) for ask in row.asks)
    made_hard = policy_of(walker).made_hard if warns else frozenset[str]()
    return judge(row, present, evidence.BY_KEY, reason=reason, made_hard=made_hard)


def in_words(missing: Iterable[Missing], found: Mapping[str, Evidence]) -> tuple[Lacking, ...]:
    """Missing evidence as sentences for a screen; a provider's own, more exact words win."""
    return tuple(
        Lacking(
            sentence=(found[item.key].sentence if item.key in found else "") or _(item.sentence),
            who=(found[item.key].who if item.key in found else "") or _(item.who),
            url=found[item.key].url if item.key in found else "",
        )
        for item in missing
    )


def offered_rows(walker: Walker) -> tuple[Row, ...]:
    """The rows that lead on from here and that some package can prove; the system's own are left out."""
    provable = frozenset(key for key, _provider in providers)
    rows = offered(table.TABLE, machine_of(walker), walker.state, provable)
    return tuple(row for row in rows if row.permission)


def steps_for(walker: Walker, keys: Iterable[str] | None = None) -> tuple[Step, ...]:
    """The offered steps (only those in `keys`, if given), each judged; every fact is looked up once."""
    wanted = None if keys is None else set(keys)
    rows = [row for row in offered_rows(walker) if wanted is None or row.key in wanted]
    found = find_evidence(walker, (key for row in rows for key in row.keys))
    return tuple(_step(walker, row, found) for row in rows)


def _step(walker: Walker, row: Row, found: Mapping[str, Evidence]) -> Step:
    verdict = judge_step(walker, row, found, reason="given later")
    return Step(
        row,
        verdict.allowed,
        in_words(verdict.missing, found),
        in_words(verdict.to_explain, found),
        in_words(verdict.warnings, found),
    )
