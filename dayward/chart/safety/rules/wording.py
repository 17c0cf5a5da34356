"""The text that is signed: headings and what stands under them, always in the same form."""

from __future__ import annotations

from collections.abc import Iterable


def signed_text(title: str, facts: Iterable[tuple[str, str]], parts: Iterable[tuple[str, str]]) -> str:
    """Title, short facts, then each part that says something under its heading."""
    lines = [title, ""]
    lines += [f"{name}: {value}" for name, value in facts if value]
    for heading, text in parts:
        if text.strip():
            lines += ["", heading, text.strip()]
    return "\n".join(lines) + "\n"
