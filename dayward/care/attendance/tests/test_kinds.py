"""Kinds of services that count for who asks for a floor and not for the program, or the other way round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.attendance.picture import APART, WIDTH, Strip, longest, strip
from dayward.care.attendance.rules.floors import Floor, KindWords, Word
from dayward.care.attendance.rules.hours import Held, Presence
from dayward.care.attendance.rules.person_week import Given, JudgedFloor, count_person_week, foresee
from dayward.care.attendance.rules.settings import Basis, Settings
from dayward.care.attendance.tests.test_counted import CHICAGO, FRI, MON, SAT, SUNDAY, WED, session

GROUP, PEER, VISIT = 1, 2, 3
PROGRAM = Floor(540, "program", "Adult IOP")
YES, NO, AGAIN = (Word(SUNDAY, counts, "Manual 3.2") for counts in (True, False, None))


def payer(*kinds: KindWords, test: Basis = Basis.DELIVERED) -> Floor:
    return Floor(540, "payer.1", "Lakeside Plan", test, kinds=kinds)


def held(number: int, day: date, start: str, end: str, kind: int = GROUP) -> Held:
    return replace(session(number, day, start, end, counts=kind == GROUP), kind=kind)


def week(*sessions: Held, floors: tuple[Floor, ...]) -> Given:
    """Somebody who was in all of them."""
    there = tuple(Presence(each.id, each.span) for each in sessions)
    return Given(SUNDAY, CHICAGO, sessions, there, 600, Settings(), floors, "")


def judged(*sessions: Held, floors: tuple[Floor, ...]) -> tuple[JudgedFloor, ...]:
    return count_person_week(week(*sessions, floors=floors)).floors


GROUPS = tuple(held(n, day, "09:00", "12:00") for n, day in enumerate((MON, WED)))
PEERS = held(9, FRI, "09:00", "12:30", PEER)


def test_each_floor_is_held_against_what_counts_for_who_asks_for_it() -> None:
    own = KindWords(PEER, "Peer support group", (YES,))
    program, payers = judged(*GROUPS, PEERS, floors=(PROGRAM, payer(own)))
    assert program.verdict.delivered == 360 and not program.verdict.met
    assert payers.verdict.delivered == 570 and payers.verdict.met
    assert str(payers.because) == (
        "9 h 30 min were delivered: the floor of 9 h is met."
        " Peer support group counts here and not for the program: 3 h 30 min."
    )
    assert payers.because.more[0].source == "Manual 3.2"
    assert program.because.more == ()


def test_what_counts_for_the_program_may_not_count_for_a_payer() -> None:
    program, payers = judged(
        *GROUPS, held(5, FRI, "09:00", "12:00"), floors=(PROGRAM, payer(KindWords(GROUP, "Group", (NO,))))
    )
    assert program.verdict.met
    assert payers.verdict.delivered == 0 and not payers.verdict.met
    assert str(payers.because).endswith("Group does not count here, though for the program: 9 h.")


@pytest.mark.parametrize(
    ("words", "delivered"),
    [
        ((YES,), 570),
        ((Word(FRI, True),), 570),  # from that day on
        ((Word(SAT, True),), 360),
        ((YES, Word(FRI, None)), 360),  # again as the program
        ((YES, Word(FRI, False)), 360),
        ((YES, Word(SAT, False)), 570),
    ],
)
def test_a_session_counts_by_the_word_of_its_day(words: tuple[Word, ...], delivered: int) -> None:
    own = KindWords(PEER, "Peer support group", words)
    (payers,) = judged(*GROUPS, PEERS, floors=(payer(own),))
    assert payers.verdict.delivered == delivered


def test_a_visit_inside_a_group_has_its_minutes_for_both_and_counts_for_one() -> None:
    """A minute belongs to one service, whoever counts it."""
    visit = held(7, MON, "10:00", "10:25", VISIT)
    own = KindWords(VISIT, "Medication visit", (YES,))
    program, payers = judged(*GROUPS, visit, floors=(PROGRAM, payer(own)))
    assert program.verdict.delivered == 335
    assert payers.verdict.delivered == 360


@pytest.mark.parametrize(
    ("test", "figure", "told"),
    [
        (Basis.SCHEDULED, 570, ("Peer support group counts here and not for the program.",)),
        (Basis.PRESCRIBED, 600, ()),
    ],
)
def test_the_other_figures(test: Basis, figure: int, told: tuple[str, ...]) -> None:
    own = KindWords(PEER, "Peer support group", (YES,))
    (payers,) = judged(*GROUPS, PEERS, floors=(payer(own, test=test),))
    assert payers.verdict.figures.of(test) == figure
    assert tuple(map(str, payers.apart)) == told


def test_the_outlook_of_each_floor_counts_what_is_to_come_in_its_own_way() -> None:
    own = KindWords(PEER, "Peer support group", (YES,))
    given_ = week(*GROUPS, PEERS, floors=(PROGRAM, payer(own)))
    ahead = replace(given_, presences=given_.presences[:2], assumed=given_.presences[2:])
    told = {floor.source: short_by for floor, short_by in foresee(ahead).shortages}
    assert told == {"Adult IOP": 180, "Lakeside Plan": 0}


@given(
    st.lists(st.tuples(st.sampled_from([MON, WED, FRI]), st.sampled_from([GROUP, PEER, VISIT])), max_size=6),
    st.dictionaries(st.sampled_from([GROUP, PEER, VISIT]), st.sampled_from([YES, NO, AGAIN])),
)
def test_every_minute_is_in_exactly_the_kinds_that_count(
    sat: list[tuple[date, int]], said: dict[int, Word]
) -> None:
    """What a payer counts is the sum of the kinds it counts; what the program counts does not depend on it."""
    sessions = [held(n, day, f"{9 + n:02d}:00", f"{9 + n:02d}:50", kind) for n, (day, kind) in enumerate(sat)]
    own = tuple(KindWords(kind, str(kind), (word,)) for kind, word in said.items())
    program, payers = judged(*sessions, floors=(PROGRAM, payer(*own)))
    programs = {kind: kind == GROUP for kind in (GROUP, PEER, VISIT)}
    words = {kind: word.counts for kind, word in said.items() if word.counts is not None}
    of = {kind: Fraction(50 * sum(each == kind for _day, each in sat)) for kind in programs}
    assert program.verdict.delivered == sum(of[kind] for kind, counts in programs.items() if counts)
    assert payers.verdict.delivered == sum(
        of[kind] for kind, counts in {**programs, **words}.items() if counts
    )


def drawn(*floors: Floor, today: date = SUNDAY) -> Strip:
    outlook = foresee(week(*GROUPS, PEERS, floors=floors))
    return strip(outlook, longest([outlook]), today)


def test_the_picture_has_a_mark_for_each_floor_and_says_how_it_stands() -> None:
    asks_ten = replace(payer(), minutes=600)
    counts_more = replace(payer(KindWords(PEER, "Peer support group", (YES,))), asked_by="payer.2")
    planned = replace(payer(test=Basis.PRESCRIBED), asked_by="payer.3", source="Plan of care")
    found = drawn(PROGRAM, asks_ten, counts_more, planned, today=SAT)
    ten, nine, plan = found.others
    assert found.floor is not None and ten.x is not None and nine.x is not None
    assert ten.x > found.floor and abs(nine.x - found.floor) >= APART  # the same hours: beside each other
    assert plan.x is None  # it is not held against hours that were delivered
    assert [each.state for each in found.others] == ["will_miss", "met", "met"]
    assert "Lakeside Plan asks for 10 h: will be missed" in found.text


def test_however_many_ask_for_the_same_each_has_a_place_in_the_picture() -> None:
    many = [replace(payer(), asked_by=f"payer.{n}", minutes=600) for n in range(8)]
    places = [mark.x for mark in drawn(PROGRAM, *many).others if mark.x is not None]
    assert len(set(places)) == 8 and all(0 <= x < WIDTH for x in places)
