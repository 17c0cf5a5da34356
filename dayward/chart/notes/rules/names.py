"""No member's name stands in another member's note (requirements 3.3 (2): "never other members' names")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SHORTEST = 2  # one letter is an initial, and initials may be used
# Two letters are a name only as names are written (Jo, Li): ED and IV are not, and these never.
SHORT_WORDS = frozenset(
    "am an as at be by do go he hi if in is it me mr ms my no of oh ok on or so st to up us we".split()
)
# Names that are also words: found only when written large and not at the start of a sentence.
ORDINARY = frozenset(
    "april art august autumn bill bishop brook brown carol chance chase christian chuck cliff cook crystal dale dawn "
    "destiny drew earnest eve faith frank gene glen grace grant green gray guy harmony heath hope hunter ivy jack jean "
    "joy june king lane long mark may miles might nick noble page patience penny pierce price ray reed rich rob robin "
    "rose ruby rusty sandy serenity short small star stone storm sue summer sunny terry trinity trip true van wade "
    "walker ward way west white will wood woods young".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_STARTS = re.compile(r"(?:^|[.!?:;\n•–-])\s*[\"“(]*$")


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if letter.isalpha() or letter in "'’-")


def _words(names: Iterable[str]) -> dict[str, str]:
    """Each word of the names: bare form and as written."""
    found = (word for name in names for word in _WORD.findall(name))
    return {_bare(word): word for word in found if len(word) >= SHORTEST}


def others_named(text: str, others: Iterable[str], own: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of `others` that stand in `text`, as the others write them; `own` names may."""
    wanted = _words(others)
    for word in _words(own):
        wanted.pop(word, None)
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        bare = _without_owner(_bare(match.group()))
        if bare in wanted and not _only_a_word(bare, match, text):
            found[bare] = wanted[bare]
    return tuple(found.values())


def _without_owner(word: str) -> str:
    """Maria's is Maria."""
    return re.sub(r"['’]s?$", "", word)


def _only_a_word(bare: str, match: re.Match[str], text: str) -> bool:
    if len(bare) == SHORTEST and (bare in SHORT_WORDS or not match.group()[:SHORTEST].istitle()):
        return True
    if bare not in ORDINARY:
        return False
    return not match.group()[0].isupper() or bool(_SENTENCE_STARTS.search(text[: match.start()]))
