"""How alike two texts are, so that a copied note is noticed before it is signed (requirements 3.3 (2)).

"One shared block and a per-patient block ... blocks signing if the per-patient part is empty or near-identical to a
neighbor's or the own last note." Names and pronouns do not make a text somebody's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

NEAR_IDENTICAL = 0.9  # from here on it is the same text
_WORD = re.compile(r"[a-z0-9]+")
_PRONOUNS = frozenset(
    "he she they him her them his hers their theirs himself herself themselves themself ze hir xe xem".split()
)
_SOMEBODY = "~"


def plain(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str, names: Iterable[str] = ()) -> list[str]:
    """The words of a text; pronouns and the given names all read as somebody."""
    people = {word for name in names for word in _WORD.findall(plain(name))}
    found = _WORD.findall(plain(text))
    return [_SOMEBODY if word in people or word in _PRONOUNS else word for word in found]


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of words that both texts have, each as often as in both (Dice): 0 nothing, 1 the same words."""
    if not one or not other:
        return 0.0
    common = Counter(one) & Counter(other)
    return 2 * sum(common.values()) / (len(one) + len(other))


def near_identical(one: str, other: str, names: Iterable[str] = ()) -> bool:
    """Whether one text is the other but for names, pronouns, order and a few words."""
    people = list(names)
    return similarity(words(one, people), words(other, people)) >= NEAR_IDENTICAL
