"""A paper as text: what is shown before, and what is signed."""

from __future__ import annotations

from dayward.ui.pdf import Paper, Part


def plain(paper: Paper) -> str:
    """Everything that the PDF says, in its order."""
    lines = [*paper.letterhead, "", *paper.recipient, paper.day, "", paper.title, ""]
    if paper.gaps:
        lines += [paper.gaps_title, *(f"– {gap}" for gap in paper.gaps), ""]
    for part in paper.parts:
        lines += [*_of(part), ""]
    return "\n".join([*lines, *paper.signed, *(("", *paper.notice) if paper.notice else ())])


def _of(part: Part) -> list[str]:
    lines = [part.title] if part.title else []
    lines += [f"{label}: {words}" for label, words in part.facts]
    for words in part.paragraphs:
        lines += [words, ""] if "\n" in words else [words]  # a note of several lines stands apart
    return lines + (["  ".join(row) for row in part.table.rows] if part.table else [])
