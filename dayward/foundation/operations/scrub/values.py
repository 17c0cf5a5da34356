"""Made-up values in place of real ones. Pure: the same value, salt and row make the same.

What stays as it is: words of our own libraries (`phq-9`, `plan.signed`), which have no spaces and no capitals, numbers,
and yes or no. What tells of somebody is made up, as long as it was, so that pages look as they did.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID = re.compile(rf"^[{ALPHABET}]{{16}}$")
PUBLIC_ID_WITHIN = re.compile(rf"\b[{ALPHABET}]{{16}}\b")
WORD = re.compile(r"^[a-z0-9][a-z0-9_.:/+-]{0,59}$")
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"^-?\d{1,4}(\.\d+)?$")
FILLER = "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et magna "
GIVEN = tuple("Ada Ben Cleo Dara Eli Fern Gus Hana Ivo June Kai Lena Milo Nell Otto".split())
FAMILY = tuple("Ash Birch Cedar Dogwood Elm Fir Ginkgo Hazel Juniper Larch Maple Oak Pine".split())
# In free answers: what people typed, whatever it looks like.
TYPED = frozenset(
    {"note", "text", "words", "name", "said", "comment", "reason", "other", "recipient", "sentence"}
)
LONGEST_SHIFT = 52  # weeks

Maker = Callable[[Any, int, int], Any]  # the value, the row's number, and by how many days the clinic moves


def digest(salt: bytes, value: object) -> bytes:
    return hashlib.sha256(salt + str(value).encode()).digest()


def public_id(salt: bytes, value: str) -> str:
    """Another one, the same wherever the old one stood; without the salt nobody finds the way back."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest(salt, value)[:16])


def filler(length: int) -> str:
    return (FILLER * (length // len(FILLER) + 1))[:length].rstrip().ljust(min(length, 1), "x")


def name(salt: bytes, value: str, among: tuple[str, ...]) -> str:
    return among[digest(salt, value)[0] % len(among)] if value else value


def hexadecimal(salt: bytes, value: str) -> str:
    return digest(salt, value).hex() if value else value


def file_content(salt: bytes, sha256: str) -> bytes:
    """A file whose name, its digest, is worked out from the old name: what points at it finds it."""
    return b"Made up in place of a document. " + hexadecimal(salt, sha256).encode()


def file_name(salt: bytes, sha256: str) -> str:
    return hashlib.sha256(file_content(salt, sha256)).hexdigest()


def word(salt: bytes, value: str) -> str:
    """One of our own words stays; an id is another; anything else was typed by somebody."""
    if not WORD.match(value):
        return filler(len(value))
    return PUBLIC_ID_WITHIN.sub(lambda found: public_id(salt, found[0]), value)  # "payer:<id>" too


def inside(salt: bytes, value: Any, days: int, *, typed: bool = False) -> Any:
    """What JSON holds, however deep: keys stay, texts are made up, days move."""
    if isinstance(value, dict):
        return {
            word(salt, key): inside(salt, held, days, typed=typed or key in TYPED)
            for key, held in value.items()
        }
    if isinstance(value, list):
        return [inside(salt, held, days, typed=typed) for held in value]
    if not isinstance(value, str):
        return value
    if DAY.match(value):
        return earlier(value, days)
    if typed and not PUBLIC_ID.match(value) and not NUMBER.match(value):
        return filler(len(value))
    return word(salt, value)


def earlier(text: str, days: int) -> str:
    """The day at the beginning of a text, moved."""
    try:
        return (date.fromisoformat(text[:10]) - timedelta(days=days)).isoformat() + text[10:]
    except ValueError:
        return filler(len(text))
