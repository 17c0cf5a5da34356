"""What a parser wants to tell people: sentences about broken parts, and what was left out and why."""

from __future__ import annotations

from collections import Counter

from dayward.care.referrals.packet import LeftOut

MOST_SENTENCES = 100


class Notes:
    """Collects while a document is read. The same sentence is said once."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}
        self._more = 0
        self._left_out: Counter[tuple[str, str]] = Counter()

    def problem(self, sentence: str) -> None:
        if len(self._sentences) < MOST_SENTENCES:
            self._sentences.setdefault(sentence)
        elif sentence not in self._sentences:
            self._more += 1

    def left_out(self, what: str, why: str, count: int = 1) -> None:
        if count:
            self._left_out[what, why] += count

    @property
    def problems(self) -> tuple[str, ...]:
        said = tuple(self._sentences)
        return (*said, f"And {self._more} more of this kind; look at the original.") if self._more else said

    @property
    def left_outs(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(what, why, count) for (what, why), count in self._left_out.items())


def shown(value: object, most: int = 40) -> str:
    """A value from a document, made safe and short enough to stand in a sentence."""
    text = " ".join(str(value)[:4000].replace("\x00", "").encode("utf-8", "replace").decode().split())
    return text if len(text) <= most else text[: most - 1] + "…"
