from __future__ import annotations

from datetime import UTC, datetime

from dayward.ui.pdf import Paper, Part, Table, pdf

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def letter(words: str = "came on three days") -> Paper:
    return Paper(
        title="Attendance",
        letterhead=("Example Offices", "1 Main Street", "(555) 010-0100"),
        recipient=("To whom it may concern",),
        day="March 2, 2026",
        parts=(
            Part("What this says", (words,), (("Days", "3"),)),
            Part("Days", table=Table(("Day", "Hours"), (("March 2", "3 h"), ("March 4", "3 h")))),
        ),
        gaps=("no phone",),
        gaps_title="Missing",
        signed=("Ada Example, LCSW",),
        notice=("A notice.",),
        foot="Example",
    )


def test_same_values_same_bytes() -> None:
    first = pdf(letter(), made_at=AT)
    assert first.startswith(b"%PDF")
    assert first == pdf(letter(), made_at=AT)
    assert first != pdf(letter("came on four days"), made_at=AT)


def test_words_are_words_and_never_markup() -> None:
    assert pdf(letter('#panic("x") $ \\ * _ ` <label> @ref = Ñandú'), made_at=AT).startswith(b"%PDF")


def test_a_bare_paper_is_a_paper() -> None:
    assert pdf(Paper("Bare", (), (Part("", ("one",)),)), made_at=AT).startswith(b"%PDF")
