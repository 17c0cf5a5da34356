"""What makes a note somebody's own, and who may sign it: by tables and by properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.chart.notes import library
from dayward.chart.notes.rules import rows as row_rules
from dayward.chart.notes.rules.names import others_named
from dayward.chart.notes.rules.rows import Row, gaps, shared_gaps
from dayward.chart.notes.rules.signing import EXPIRED, NO_CREDENTIAL, NOT_ALLOWED, may_cosign, may_sign
from dayward.chart.notes.rules.similar import near_identical, similarity, words
from dayward.chart.notes.rules.templates import in_words, tidy_choice
from dayward.chart.safety.rules.qualification import Held

GROUP = library.templates()["group"]
TEXTS = st.lists(st.sampled_from("walked home late and slept well after the call".split()), max_size=12).map(
    " ".join
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Maria shared about her brother and cried.", "Tom shared about his brother and cried.", True),
        ("She was quiet today.", "He was quiet today!", True),
        (
            "Was quiet, then spoke of the dog.",
            "Then spoke of the dog; was quiet.",
            True,
        ),  # order does not make it new
        ("Was quiet today.", "Asked how others fill their evenings.", False),
        ("Slept five hours; walked home twice.", "Slept five hours; stayed with a sister all week.", False),
        ("José habló del trabajo.", "Jose hablo del trabajo", True),
        ("", "", False),
    ],
)
def test_a_copied_text_is_noticed(one: str, other: str, same: bool) -> None:
    assert near_identical(one, other, ["Maria", "Tom"]) is same


@given(TEXTS, TEXTS)
def test_similarity_is_the_same_both_ways_and_a_share(one: str, other: str) -> None:
    left, right = words(one), words(other)
    assert similarity(left, right) == similarity(right, left)
    assert 0 <= similarity(left, right) <= 1


@given(TEXTS.filter(bool))
def test_a_text_is_like_itself_and_not_like_nothing(text: str) -> None:
    assert similarity(words(text), words(text)) == 1
    assert similarity(words(text), []) == 0


@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=9), st.integers(1, 30))
def test_more_words_of_ones_own_make_it_less_alike(common: list[str], more: int) -> None:
    own = [f"own{n}" for n in range(more)]
    assert similarity(common, common + own) < similarity(common, common + own[:-1])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Agreed with Maria about the weekend.", ("Maria",)),
        ("agreed with maria about it", ("Maria",)),
        ("Maria's idea helped.", ("Maria",)),
        ("Spoke of Mariana, a cousin.", ()),
        ("Will try the call. He will call.", ()),  # a word
        ("Agreed with Will about it.", ("Will",)),  # a name
        ("Took up what O'Neil said.", ("O'Neil",)),
        ("Thanked Sample Ownname.", ()),  # their own name may stand in their note
        ("Another member told of a loss.", ()),
        ("Saw Jo there. Jo's idea helped.", ("Jo",)),  # two letters, written as a name
        ("Was seen in the ED, not by jo.", ()),  # an abbreviation
        ("An hour of rest helped.", ()),  # a word
    ],
)
def test_no_name_of_another_member(text: str, found: tuple[str, ...]) -> None:
    others = ["Maria", "Will", "O'Neil", "Jo", "Ed", "An", "Sample"]
    assert others_named(text, others, own=["Sample", "Ownname"]) == found


@given(st.text(max_size=60))
def test_a_text_names_nobody_where_nobody_else_is_there(text: str) -> None:
    assert others_named(text, []) == ()


def row(key: str, name: str, response: str, **more: object) -> Row:
    texts = {"participation": "active", "response": response}
    return replace(Row(key, (name, f"{name}family"), texts), **more)  # type: ignore[arg-type]


ANA = row("a", "Anabel", "Asked how others fill the evenings and wrote two answers down.")
BEN = row("b", "Benito", "Practiced the call to an old friend and laughed at the first try.")


@pytest.mark.parametrize(
    ("mine", "sentences"),
    [
        (ANA, []),
        (replace(ANA, texts={}), [row_rules.EMPTY]),
        (replace(ANA, texts={"response": "Wrote two answers down."}), [row_rules.MISSING]),
        (replace(ANA, tied=False), [row_rules.NO_OBJECTIVE]),
        (
            replace(ANA, last="Asked how others fill the evenings and wrote two answers down!"),
            [row_rules.LIKE_LAST],
        ),
        (row("a", "Anabel", BEN.texts["response"]), [row_rules.LIKE_NEIGHBOR]),
        (row("a", "Anabel", "Told Benito what helped with the landlord."), [row_rules.NAMES]),
        (row("a", "Anabel", "Liked what Renate said about the landlord."), []),  # who leads may be named
    ],
)
def test_why_a_row_is_not_ready(mine: Row, sentences: list[str]) -> None:
    assert [gap.sentence for gap in gaps(mine, [BEN], GROUP.parts, ["Renate Leader"])] == sentences


def test_the_text_for_everybody_names_nobody() -> None:
    found = shared_gaps({"work": "Benito opened with the serenity text."}, [ANA, BEN], GROUP.shared)
    assert [(gap.sentence, gap.what) for gap in found] == [(row_rules.NAMES, ("Benito",))]
    assert [gap.sentence for gap in shared_gaps({}, [ANA], GROUP.shared)] == [row_rules.MISSING]


DAY = date(2026, 11, 20)
LICENSED = frozenset({"social_worker", "counselor"})
OK = Held("social_worker", "Licensed clinical social worker", date(2027, 1, 1))
OLD = Held("social_worker", "Licensed clinical social worker", date(2026, 11, 19))
TRAINEE, PEER = Held("trainee", "Trainee"), Held("peer", "Peer")


@pytest.mark.parametrize(
    ("held", "signs_as", "cosigned", "reason"),
    [
        ([OK], OK, False, ""),
        ([TRAINEE], TRAINEE, True, ""),
        ([TRAINEE, OK], OK, False, ""),  # the one that needs nobody else
        ([OLD, TRAINEE], TRAINEE, True, ""),
        ([OLD], None, False, EXPIRED),
        ([PEER], None, False, NOT_ALLOWED),
        ([], None, False, NO_CREDENTIAL),
    ],
)
def test_who_signs_a_group_note(held: list[Held], signs_as: Held | None, cosigned: bool, reason: str) -> None:
    verdict = may_sign(held, GROUP, DAY, LICENSED)
    assert (verdict.held, verdict.cosigned, verdict.reason) == (signs_as, cosigned, reason)


def test_a_case_manager_without_a_credential_signs_with_their_title() -> None:
    template = library.templates()["case-management"]
    verdict = may_sign([], template, DAY, LICENSED, "Case manager")
    assert verdict.held == Held("none", "Case manager") and not verdict.cosigned
    assert may_sign([OLD], template, DAY, LICENSED, "Case manager").reason == EXPIRED  # no way round
    assert may_sign([TRAINEE], template, DAY, LICENSED, "Case manager").cosigned
    assert may_sign([], GROUP, DAY, LICENSED, "Case manager").reason == NO_CREDENTIAL


def test_nobody_under_supervision_signs_after_somebody() -> None:
    assert may_cosign([TRAINEE], GROUP, DAY, LICENSED).held is None
    assert may_cosign([OK], GROUP, DAY, LICENSED).held == OK


def test_choices_are_kept_in_the_order_of_the_template() -> None:
    did = next(part for part in GROUP.parts if part.key == "did")
    assert tidy_choice(did, ["took", "gave", "strange"]) == "gave took"
    assert in_words(did, "gave took") == "gave feedback, took feedback"
    took_part = next(part for part in GROUP.parts if part.key == "participation")
    assert tidy_choice(took_part, ["little", "active"]) == "active"
