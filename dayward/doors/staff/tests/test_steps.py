"""What a clinic lacks is said in order; nothing is said to be there that is not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dayward.doors.staff.steps import (
    Facts,
    GroupFact,
    ProgramFact,
    SiteFact,
    StaffFact,
    overview,
)

THEA = StaffFact("Thea", frozenset({"therapist"}), "set", has_credential=True, has_hours=True)
INES = replace(THEA, name="Ines", roles=frozenset({"intake"}), has_credential=False, has_hours=False)
DARA = replace(INES, name="Dara", roles=frozenset({"director"}))
READY = Facts(
    sites=(SiteFact("Main Street", has_address=True, rooms=1, programs=1, closures=1),),
    programs=(ProgramFact("Adult IOP", has_numbers=True, has_track=True),),
    staff=(DARA, INES, THEA),
    groups=(GroupFact("Morning group", meets=True, is_led=True),),
    services=28,
    texts=9,
    began=True,
)
facts = st.builds(
    Facts,
    sites=st.lists(
        st.builds(
            SiteFact, st.text(max_size=4), st.booleans(), st.integers(0, 2), st.just(0), st.integers(0, 2)
        )
    ).map(tuple),
    programs=st.lists(st.builds(ProgramFact, st.text(max_size=4), st.booleans(), st.booleans())).map(tuple),
    staff=st.lists(st.sampled_from([THEA, INES, DARA])).map(tuple),
    groups=st.lists(st.builds(GroupFact, st.text(max_size=4), st.booleans(), st.booleans())).map(tuple),
    began=st.booleans(),
)


def lacks(found: Facts, key: str) -> tuple[str, ...]:
    return next(step for step in overview(found).steps if step.key == key).lacks


def test_a_clinic_with_everything_lacks_nothing() -> None:
    found = overview(READY)
    assert found.next is None
    assert found.done == len(found.counted)


def test_what_the_machine_lacks_is_said_and_holds_nobody_up() -> None:
    found = replace(READY, running=("Backup: There is none yet.",))
    assert lacks(found, "running") == found.running
    assert overview(found).next is None


def test_an_empty_clinic_begins_with_its_site() -> None:
    site = SiteFact("Main Street", has_address=False, rooms=0, programs=0, closures=0)
    found = overview(Facts(sites=(site,)))
    assert found.next is not None
    assert (found.next.key, found.done) == ("sites", 0)


def test_each_lack_is_named() -> None:
    site, program = replace(READY.sites[0], rooms=0), replace(READY.programs[0], has_numbers=False)
    group = replace(READY.groups[0], is_led=False)
    new = replace(THEA, name="Nia", sign_in="lapsed", has_credential=False, has_hours=False)
    found = replace(READY, sites=(site,), programs=(program,), groups=(group,), staff=(*READY.staff, new))
    assert lacks(found, "rooms") == ("No room yet: Main Street.",)
    assert lacks(found, "programs") == ("No numbers yet: Adult IOP.",)
    assert lacks(found, "staff") == ("The link ran out before a password was set: Nia.",)
    assert lacks(found, "credentials") == ("They can sign nothing yet: Nia.",)
    assert lacks(found, "hours") == ("No hours yet: Nia.",)
    assert lacks(found, "groups") == ("Nobody leads it: Morning group.",)
    assert "intake coordinator" in lacks(replace(READY, staff=(THEA, DARA)), "staff")[0]


def test_who_cannot_yet_sign_a_plan_is_named_and_holds_nobody_up() -> None:
    seats = (("Therapist", frozenset({"social_worker", "lmft"})), ("Prescriber", frozenset({"psychiatrist"})))
    thea = replace(THEA, signs_as=frozenset({"social_worker"}))
    found = replace(READY, staff=(DARA, INES, thea), plan_seats=seats)
    assert lacks(found, "plan_team") == ("Nobody has the credential yet to sign as: Prescriber.",)
    assert overview(found).next is None


@given(facts)
def test_what_comes_next_is_the_first_that_lacks_something(found: Facts) -> None:
    steps = overview(found)
    lacking = [step for step in steps.steps if step.lacks]
    assert steps.next == (lacking[0] if lacking else None)
    assert steps.done + len(lacking) == len(steps.counted)
    assert all(not step.choice for step in lacking)
