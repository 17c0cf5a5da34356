"""What a parser wants to tell people: sentences about broken parts, and what was left out and why."""

from __future__ import annotations

from collections import Counter

from dayward.care.referrals.packet import LeftOut

MOST_SENTENCES = 100


class Notes:
    """Collects while a document is read. The same sentence is said once."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}
        self._left_out: Counter[tuple[str, str]] = Counter()

    def problem(self, sentence: str) -> None:
        self._sentences.setdefault(sentence)

    def left_out(self, what: str, why: str, count: int = 1) -> None:
        if count:
            self._left_out[what, why] += count

    @property
    def problems(self) -> tuple[str, ...]:
        said = list(self._sentences)
        if len(said) <= MOST_SENTENCES:
            return tuple(said)
        rest = len(said) - MOST_SENTENCES
        return (*said[:MOST_SENTENCES], f"And {rest} more of this kind; look at the original.")

    @property
    def left_outs(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(what, why, count) for (what, why), count in self._left_out.items())


def shown(value: object, most: int = 40) -> str:
    """A value from a document, made safe and short enough to stand in a sentence."""
    text = " ".join(str(value).replace("\x00", "").encode("utf-8", "replace").decode().split())
    return text if len(text) <= most else text[: most - 1] + "…"
