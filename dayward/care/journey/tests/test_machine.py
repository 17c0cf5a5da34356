"""The table is closed, readable and judged as its gates say. Pure: no database."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey.rules.evidence import BY_KEY as WORDS
from dayward.care.journey.rules.evidence import EVIDENCE
from dayward.care.journey.rules.machine import NOTHING, Ask, Gate, Machine, State, Transition, judge, offered
from dayward.care.journey.rules.states import BY_KEY as STATE_BY_KEY
from dayward.care.journey.rules.states import STATES, open_states
from dayward.care.journey.rules.table import BY_KEY, TABLE

ALL_KEYS = frozenset(WORDS)
MACHINES = tuple(Machine)


def _reachable(start: str, rows: Iterable[Transition]) -> set[str]:
    seen, todo = {start}, deque([start])
    rows = list(rows)
    while todo:
        here = todo.popleft()
        for row in rows:
            target = row.leads_to(here)
            if here in row.sources and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_is_reached_from_nothing(machine: Machine) -> None:
    rows = [row for row in TABLE if row.machine == machine]
    states = {state.key for state in STATES if state.machine == machine}
    assert _reachable(NOTHING, rows) == states | {NOTHING}


@pytest.mark.parametrize("state", [state for state in STATES if not state.ends], ids=lambda state: state.key)
def test_from_every_open_state_an_end_is_in_reach(state: State) -> None:
    rows = [row for row in TABLE if row.machine == state.machine]
    assert any(STATE_BY_KEY[key].ends for key in _reachable(state.key, rows))


@pytest.mark.parametrize("state", open_states(Machine.INTAKE))
def test_declined_withdrew_and_no_contact_are_one_step_from_every_open_intake_state(state: str) -> None:
    targets = {row.target for row in TABLE if row.machine == Machine.INTAKE and state in row.sources}
    assert {"declined", "withdrew", "no_contact"} <= targets


def test_an_end_is_left_only_by_reopening_and_by_what_follows_anew() -> None:
    leaving = {row.key for row in TABLE for source in row.sources if source and STATE_BY_KEY[source].ends}
    assert leaving == {"reopen", "follow_up_again", "join_again"}


def test_each_row_stays_inside_its_machine() -> None:
    for row in TABLE:
        ends = [key for key in (*row.sources, row.target) if key]
        assert {STATE_BY_KEY[key].machine for key in ends} == {row.machine}, row.key


def test_keys_are_unique_and_evidence_is_known_and_used() -> None:
    assert len(BY_KEY) == len(TABLE)
    assert len(WORDS) == len(EVIDENCE)
    assert len(STATE_BY_KEY) == len(STATES)
    assert {key for row in TABLE for key in row.keys} == ALL_KEYS


def test_every_number_of_the_requirements_has_a_row() -> None:
    assert {row.source_id for row in TABLE} == {f"T{number}" for number in range(1, 28)}


def test_at_most_one_row_leads_from_a_state_under_one_label() -> None:
    for state in STATES:
        labels = [(row.label, row.keys) for row in TABLE if state.key in row.sources]
        assert len(labels) == len(set(labels)), state.key


def test_the_risk_questions_and_the_admission_papers_are_hard() -> None:
    hard = {row.key: {ask.key for ask in row.asks if ask.gate is Gate.HARD} for row in TABLE}
    assert "screening.risk_answered" in hard["finish_screening"]
    assert {"consent.treatment", "consent.patient_notice"} <= hard["admit"]
    assert "safety.risk_statement_signed" in hard["record_assessment"]
    assert "handoff.accepted" in hard["step_up"]


def test_a_row_is_offered_only_when_all_its_keys_are_provable() -> None:
    def keys(provable: frozenset[str]) -> set[str]:
        return {row.key for row in offered(TABLE, Machine.INTAKE, "screened", provable)}

    assert "verify_benefits" in keys(ALL_KEYS)
    assert "verify_benefits" not in keys(ALL_KEYS - {"coverage.benefits_verified"})
    assert keys(frozenset()) == {"withdraw"}


def test_what_is_awaited_is_not_on_the_way_from_a_call_to_a_first_service() -> None:
    provable = frozenset(item.key for item in EVIDENCE if not item.awaited)
    for machine, goal in ((Machine.INTAKE, "case_admitted"), (Machine.EPISODE, "discharged")):
        rows = [row for row in TABLE if row.machine == machine and set(row.keys) <= provable]
        assert goal in _reachable(NOTHING, rows)


ROW = BY_KEY["admit"]
FULL = dict.fromkeys(ROW.keys, True)


@pytest.mark.parametrize(
    ("without", "reason", "allowed", "missing", "to_explain", "warnings"),
    [
        ((), "", True, (), (), ()),
        (("consent.treatment",), "because", False, ("consent.treatment",), (), ()),
        (("consent.telehealth",), "", False, (), ("consent.telehealth",), ()),
        (("consent.telehealth",), "Comes in person only", True, (), ("consent.telehealth",), ()),
        (("admission.papers",), "", True, (), (), ("admission.papers",)),
    ],
)
def test_gates(
    without: tuple[str, ...],
    reason: str,
    allowed: bool,
    missing: tuple[str, ...],
    to_explain: tuple[str, ...],
    warnings: tuple[str, ...],
) -> None:
    verdict = judge(ROW, FULL | dict.fromkeys(without, False), WORDS, reason=reason)
    assert verdict.allowed is allowed
    assert tuple(item.key for item in verdict.missing) == missing
    assert tuple(item.key for item in verdict.to_explain) == to_explain
    assert tuple(item.key for item in verdict.warnings) == warnings


def test_policy_evidence_can_be_made_hard() -> None:
    evidence = FULL | {"admission.papers": False}
    verdict = judge(ROW, evidence, WORDS, made_hard={"admission.papers"})
    assert not verdict.allowed
    assert [item.key for item in verdict.missing] == ["admission.papers"]
    assert not verdict.warnings


def test_a_reason_of_blanks_is_no_reason() -> None:
    assert not judge(BY_KEY["withdraw"], {}, WORDS, reason="   ").allowed
    assert judge(BY_KEY["withdraw"], {}, WORDS, reason="Moved away").allowed


def test_what_is_missing_says_who_can_give_it() -> None:
    verdict = judge(ROW, {}, WORDS)
    assert all(item.sentence and item.who for item in (*verdict.missing, *verdict.warnings))


@given(
    row=st.sampled_from(TABLE),
    present=st.sets(st.sampled_from(sorted(ALL_KEYS))),
    more=st.sets(st.sampled_from(sorted(ALL_KEYS))),
    reason=st.sampled_from(["", "A reason"]),
)
def test_more_evidence_never_hinders(row: Transition, present: set[str], more: set[str], reason: str) -> None:
    less = judge(row, dict.fromkeys(present, True), WORDS, reason=reason)
    full = judge(row, dict.fromkeys(present | more, True), WORDS, reason=reason)
    assert full.allowed or not less.allowed
    assert set(full.missing) <= set(less.missing)


@given(row=st.sampled_from(TABLE), present=st.sets(st.sampled_from(sorted(ALL_KEYS))))
def test_allowed_exactly_when_no_hard_evidence_is_missing(row: Transition, present: set[str]) -> None:
    hard = {ask.key for ask in row.asks if ask.gate is Gate.HARD}
    verdict = judge(row, dict.fromkeys(present, True), WORDS, reason="A reason")
    assert verdict.allowed is (hard <= present)


@given(data=st.data(), machine=st.sampled_from(MACHINES))
def test_a_random_walk_stays_in_the_machine_and_a_closed_case_stays_closed(
    data: st.DataObject, machine: Machine
) -> None:
    state = NOTHING
    for _ in range(25):
        rows = offered(TABLE, machine, state, ALL_KEYS)
        if not rows:
            assert STATE_BY_KEY[state].ends
            break
        state = data.draw(st.sampled_from(rows)).leads_to(state)
        assert STATE_BY_KEY[state].machine == machine


def test_an_unknown_key_counts_as_missing() -> None:
    row = Transition(
        "x",
        "T0",
        Machine.INTAKE,
        ("inquiry",),
        "screened",
        "",
        "",
        "",
        "",
        (Ask("inquiry.recorded", Gate.HARD),),
    )
    assert not judge(row, {}, WORDS).allowed
