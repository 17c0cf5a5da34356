"""Where to do what is due about letters and summaries: the address of the page for a due."""

from __future__ import annotations

from django.urls import reverse


def letter(*, person: str, episode: int, ref: str) -> str:
    """`ref` is the letter."""
    return reverse("casework:letter", args=[person, ref])


def summary(*, person: str, episode: int, ref: str) -> str:
    return reverse("casework:write_summary", args=[person, "discharge"])
