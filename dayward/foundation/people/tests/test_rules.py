from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.people import rules
from dayward.foundation.people.rules import Sketch


@pytest.mark.parametrize(
    ("npi", "valid"),
    [
        ("1234567893", True),  # the example of the standard
        ("1234567890", False),
        ("1245319599", True),
        ("123456789", False),
        ("3234567893", False),  # starts with 1 or 2
        ("12345678x3", False),
        ("", False),
    ],
)
def test_npi(npi: str, valid: bool) -> None:
    assert rules.npi_is_valid(npi) is valid


@given(st.from_regex(r"\A[12][0-9]{8}\Z"))
def test_exactly_one_last_digit_makes_an_npi(nine: str) -> None:
    assert sum(rules.npi_is_valid(f"{nine}{digit}") for digit in range(10)) == 1


@given(st.from_regex(r"\A[12][0-9]{9}\Z"), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(npi: str, place: int, by: int) -> None:
    if not rules.npi_is_valid(npi):
        return
    wrong = npi[:place] + str((int(npi[place]) + by) % 10) + npi[place + 1 :]
    assert not rules.npi_is_valid(wrong)


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("512 555 0147", "+15125550147", "(512) 555-0147"),
        ("(512) 555-0147", "+15125550147", "(512) 555-0147"),
        ("1-512-555-0147", "+15125550147", "(512) 555-0147"),
        ("+1 512.555.0147", "+15125550147", "(512) 555-0147"),
        ("512-555-0147 x12", "+15125550147x12", "(512) 555-0147 ext. 12"),
        ("+44 20 7946 0958", "+442079460958", "+442079460958"),
        ("ask at the desk", "ask at the desk", "ask at the desk"),
        ("555-0147", "555-0147", "555-0147"),
        ("", "", ""),
    ],
)
def test_phone_numbers(typed: str, kept: str, shown: str) -> None:
    assert rules.normal_phone(typed) == kept
    assert rules.shown_phone(kept) == shown


@given(st.text(max_size=30))
def test_a_kept_number_stays_as_it_is(typed: str) -> None:
    once = rules.normal_phone(typed)
    assert rules.normal_phone(once) == once


GABI = Sketch(frozenset({"Gabriela", "Gabi"}), "Álvarez", date(1991, 4, 12), frozenset({"+15125550147"}))


@pytest.mark.parametrize(
    ("other", "reasons", "likely"),
    [
        (
            Sketch(frozenset({"gabriela"}), "ALVAREZ", date(1991, 4, 12)),
            ("birth_date", "family", "given"),
            True,
        ),
        (
            Sketch(frozenset({"Gabriela"}), "Alvarez", date(1991, 12, 4)),
            ("day_month_swapped", "family", "given"),
            False,
        ),
        (
            Sketch(frozenset({"Gabriela"}), "Alvarez", date(1970, 1, 1)),
            ("other_birth_date", "family", "given"),
            False,
        ),
        (
            Sketch(frozenset({"Rosa"}), "Alvarez", None, frozenset({"+15125550147"})),
            ("family", "phone"),
            False,
        ),
        (Sketch(), (), False),
    ],
)
def test_likeness(other: Sketch, reasons: tuple[str, ...], likely: bool) -> None:
    found = rules.likeness(GABI, other)
    assert found.reasons == reasons
    assert found.likely is likely


def test_a_number_given_by_the_same_hospital_is_enough() -> None:
    one = Sketch(identifiers=frozenset({("st-brigid", "77")}))
    assert rules.likeness(one, Sketch(identifiers=frozenset({("st-brigid", "77")}))).likely
    assert not rules.likeness(one, Sketch(identifiers=frozenset({("other", "77")}))).points


sketches = st.builds(
    Sketch,
    given=st.frozensets(st.sampled_from(["Ana", "ANA", "Ben", ""])),
    family=st.sampled_from(["Okafor", "Oka-for", "Rivera", ""]),
    birth_date=st.none() | st.dates(date(1950, 1, 1), date(2010, 1, 1)),
    phones=st.frozensets(st.sampled_from(["+15125550147", "+15125550148"])),
    identifiers=st.frozensets(st.sampled_from([("a", "1"), ("a", "2")])),
)


@given(sketches, sketches)
def test_likeness_does_not_depend_on_the_order(one: Sketch, other: Sketch) -> None:
    assert rules.likeness(one, other) == rules.likeness(other, one)


@given(
    st.dictionaries(st.integers(0, 8), st.integers(0, 8), max_size=9), st.integers(0, 8), st.integers(0, 8)
)
def test_a_circle_is_found_exactly_when_walking_never_ends(
    links: dict[int, int], child: int, parent: int
) -> None:
    """Links without the child's own, as in the tables, where what is there has no circle."""
    links = {key: value for key, value in links.items() if key != child and value > key}
    walked, here = [child], parent
    while here not in walked and here in links:
        walked.append(here)
        here = links[here]
    assert rules.would_circle(links, child, parent) is (here in walked)


TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "expired"), (0, "soon"), (60, "soon"), (61, "valid"), (None, "none")]
)
def test_license_state(days: int | None, state: str) -> None:
    last = None if days is None else TODAY + timedelta(days=days)
    assert rules.license_state(last, TODAY) == state


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 3, 4), date(2026, 3, 4), 26),
        (date(2000, 3, 5), date(2026, 3, 4), 25),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert rules.age_on(born, day) == age
