"""What a row of the state machine is, and how a transition is judged.

The rows themselves are in `table.py` and `evidence.py`; requirements 4.2 (T1-T27) is the source.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Machine(StrEnum):
    """The three machines a person walks through, one after the other."""

    INTAKE = "intake"
    EPISODE = "episode"
    AFTERCARE = "aftercare"


class Gate(StrEnum):
    """How strictly a piece of evidence is asked for (requirements 4.2)."""

    HARD = "H"  # refuses
    SOFT = "S"  # allowed with a reason
    POLICY = "P"  # warns, unless the clinic's policy makes it hard


@dataclass(frozen=True, slots=True)
class State:
    """One state; `ends` says that nothing is open any more in this machine."""

    key: str
    machine: Machine
    label: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceKey:
    """A fact a transition asks for. `package` is the app label of the only package that can prove it.

    `awaited`: that package cannot prove it yet, so transitions that ask for it are not offered.
    """

    key: str
    package: str
    sentence: str
    who: str
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One piece of evidence with the gate it stands behind."""

    key: str
    gate: Gate


#: The state of a case that does not exist yet.
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `target` None means that the state stays (an action on a segment, or a flag)."""

    key: str
    source_id: str
    machine: Machine
    sources: tuple[str, ...]
    target: str | None
    label: str
    permission: str
    who: str
    sentence: str
    asks: tuple[Ask, ...] = ()
    needs_reason: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(ask.key for ask in self.asks)

    def leads_to(self, state: str) -> str:
        """The state afterwards, for a case that is in `state` now."""
        return state if self.target is None else self.target


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not there yet, in words, and who can give it."""

    key: str
    gate: Gate
    sentence: str
    who: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it happen, what is missing, what must be explained, what to mind."""

    allowed: bool
    missing: tuple[Missing, ...] = ()
    to_explain: tuple[Missing, ...] = ()
    warnings: tuple[Missing, ...] = ()
    reason_missing: bool = False


def offered(
    transitions: Collection[Transition], machine: Machine, state: str, provable: Collection[str]
) -> tuple[Transition, ...]:
    """The rows that lead on from a state and whose every evidence key some package can prove."""
    return tuple(
        row
        for row in transitions
        if row.machine == machine and state in row.sources and all(key in provable for key in row.keys)
    )


def judge(
    transition: Transition,
    evidence: Mapping[str, bool],
    words: Mapping[str, EvidenceKey],
    *,
    reason: str = "",
    made_hard: Collection[str] = (),
) -> Verdict:
    """Judge one transition. A key that nobody answered counts as missing.

    Hard evidence that is missing refuses; soft evidence that is missing asks for a reason; policy evidence
    warns, or refuses where the clinic's policy names it in `made_hard`.
    """
    open_asks = [ask for ask in transition.asks if not evidence.get(ask.key, False)]
    hard = [ask for ask in open_asks if ask.gate is Gate.HARD or ask.key in made_hard]
    soft = [ask for ask in open_asks if ask.gate is Gate.SOFT and ask not in hard]
    policy = [ask for ask in open_asks if ask.gate is Gate.POLICY and ask not in hard]
    reason_missing = bool(soft or transition.needs_reason) and not reason.strip()
    return Verdict(
        allowed=not hard and not reason_missing,
        missing=_in_words(hard, words),
        to_explain=_in_words(soft, words),
        warnings=_in_words(policy, words),
        reason_missing=reason_missing,
    )


def _in_words(asks: Collection[Ask], words: Mapping[str, EvidenceKey]) -> tuple[Missing, ...]:
    return tuple(Missing(ask.key, ask.gate, words[ask.key].sentence, words[ask.key].who) for ask in asks)
