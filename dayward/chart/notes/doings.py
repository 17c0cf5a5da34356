"""Where to do what is due about notes: the address of the page for a due."""

from __future__ import annotations

from django.urls import reverse


def write(*, person: str, episode: int, ref: str) -> str:
    """`ref` is the booking; a session of several leads on to its own page."""
    return reverse("notes:booking", args=[person, ref])


def cosign(*, person: str, episode: int, ref: str) -> str:
    """`ref` is the note."""
    return reverse("notes:note", args=[person, ref])
