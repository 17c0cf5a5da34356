from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.terms.rules import Search, parse, rank, with_dot


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("F33", "F33"),
        ("f331", "F33.1"),
        ("F33.1", "F33.1"),
        (" f10.2 ", "F10.2"),
        ("F32.", "F32"),
        ("t1491xa", "T14.91XA"),
        ("F", "F"),
        ("f32a", "F32.A"),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, code: str) -> None:
    assert parse(typed) == Search(code=code)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("recurrent depression", ("recurrent", "depress")),
        ("PTSD", ("post", "traumatic", "stress")),
        ("post-traumatic", ("post", "traumatic")),
        ("alcohol use alcohol", ("alcohol", "use")),
        ("Ménière", ("meniere",)),
        ("  ", ()),
        ("&|!:*()'", ()),
    ],
)
def test_words_are_read_as_people_type_them(typed: str, words: tuple[str, ...]) -> None:
    assert parse(typed) == Search(words=words)


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_plain_beginnings(typed: str) -> None:
    """No sign that means something to a text search ever reaches the database."""
    found = parse(typed)
    assert not (found.code and found.words)
    assert all(word.isascii() and word.isalnum() for word in found.words)
    assert found.code.replace(".", "").isalnum() or not found.code


@given(st.from_regex(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}", fullmatch=True))
def test_the_dot_comes_after_three_signs_and_only_once(bare: str) -> None:
    dotted = with_dot(bare)
    assert dotted.replace(".", "") == bare
    assert with_dot(dotted) == dotted


def test_what_this_field_looks_for_comes_first() -> None:
    assert [rank(code) for code in ("F33.1", "R45.851", "Z59.00", "S72.001A")] == [0, 1, 2, 3]
