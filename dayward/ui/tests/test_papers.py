from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dayward.ui.papers import Lines, Paper, Part, read

NOTE = """Group note

Person: Ada Fern
Born: Jan 2, 1990

What the group worked on
Role play. Each said something.

Goal, in the person's words: to sleep.
- Lights out at ten. By May 2.
- No phone in bed.
Then we look again."""


def test_a_note_is_its_title_its_facts_and_its_parts() -> None:
    assert read(NOTE) == Paper(
        "Group note",
        (
            Part(facts=(("Person", "Ada Fern"), ("Born", "Jan 2, 1990"))),
            Part(
                "What the group worked on",
                lines=(Lines(False, ("Role play. Each said something.",)),),
            ),
            Part(
                lines=(
                    Lines(False, ("Goal, in the person's words: to sleep.",)),
                    Lines(True, ("Lights out at ten. By May 2.", "No phone in bed.")),
                    Lines(False, ("Then we look again.",)),
                )
            ),
        ),
    )


def test_words_alone_have_no_title() -> None:
    assert read("She spoke of a letter.") == Paper(
        "", (Part(lines=(Lines(False, ("She spoke of a letter.",)),)),)
    )
    assert read("") == Paper("", ())


@given(st.text(alphabet="ab:.- \n", max_size=60))
def test_no_word_is_lost_and_none_changes_its_place(text: str) -> None:
    paper = read(text)
    said = [paper.title]
    for part in paper.parts:
        said += [part.heading, *(f"{word}: {value}" for word, value in part.facts)]
        said += [line for group in part.lines for line in group.texts]
    assert _letters("".join(said)) == _letters(text)


def _letters(text: str) -> str:
    """Without what marks an item of a list."""
    return "".join(text.replace("-", "").split())
