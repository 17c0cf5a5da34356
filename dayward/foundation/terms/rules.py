"""How a typed text becomes a search among ICD-10-CM codes. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Short words of the field that no title holds; in our own choice of words.
SHORT: dict[str, tuple[str, ...]] = {
    "adhd": ("attention", "deficit", "hyperactivity"),
    "aud": ("alcohol",),
    "bpd": ("borderline",),
    "cud": ("cannabis",),
    "did": ("dissociative", "identity"),
    "gad": ("generalized", "anxiety"),
    "mdd": ("major", "depressive"),
    "ocd": ("obsessive", "compulsive"),
    "odd": ("oppositional", "defiant"),
    "oud": ("opioid",),
    "ptsd": ("post", "traumatic", "stress"),
    "posttraumatic": ("post", "traumatic"),
    "sad": ("social", "phobia"),
    "si": ("suicidal", "ideations"),
}
# What a longer everyday word is called in the titles.
SAME: dict[str, str] = {
    "alcoholism": "alcohol",
    "depression": "depress",
    "depressed": "depress",
    "addiction": "dependence",
    "addicted": "dependence",
    "heroin": "opioid",
    "fentanyl": "opioid",
    "marijuana": "cannabis",
    "weed": "cannabis",
    "meth": "stimulant",
    "methamphetamine": "stimulant",
    "homeless": "homelessness",
    "suicide": "suicid",
}
_CODE = re.compile(r"[a-z]\d[0-9a-z]?(\.?[0-9a-z]{0,4})")
_WORD = re.compile(r"[a-z0-9]+")
LONGEST = 120
ELSEWHERE = 3  # the rank of codes outside this field of work


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: codes that begin with `code`, or titles that hold every one of `words` (as beginnings)."""

    code: str = ""
    words: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Small letters without accents."""
    kept = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return "".join(kept).lower()


def with_dot(code: str) -> str:
    """F331 as F33.1."""
    bare = code.replace(".", "").upper()
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def parse(text: str) -> Search:
    """A code or its beginning when it looks like one, otherwise words; short words are written out."""
    typed = plain(text[:LONGEST]).strip()
    squeezed = typed.replace(" ", "").rstrip(".")
    if _CODE.fullmatch(squeezed) or (len(squeezed) == 1 and squeezed.isalpha()):
        return Search(code=with_dot(squeezed))
    found: list[str] = []
    for word in _WORD.findall(typed):
        found.extend(SHORT.get(word, (SAME.get(word, word),)))
    return Search(words=tuple(dict.fromkeys(found)))


def rank(code: str) -> int:
    """What this field of work looks for comes first: mental and substance-related (F), then symptoms and
    self-harm, then circumstances of life, then everything else."""
    if code.startswith("F"):
        return 0
    if "R40" <= code[:3] <= "R46" or code.startswith(("T14.91", "R37")):
        return 1
    if "Z55" <= code[:3] <= "Z65" or code[:3] in ("Z71", "Z72", "Z73", "Z79", "Z81", "Z86", "Z91"):
        return 2
    return ELSEWHERE
