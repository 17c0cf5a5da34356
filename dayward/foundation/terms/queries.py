from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length, Upper

from dayward.foundation.terms import rules
from dayward.foundation.terms.models import IcdCode, IcdWord

LIMIT = 20
ALIKE = 0.3  # a word this similar counts as the one that was meant


def search(text: str, limit: int = LIMIT) -> list[IcdCode]:
    """Codes for what somebody typed, best first: mental and substance-related before the rest."""
    wanted = rules.parse(text)
    if wanted.code:
        return list(_current().filter(code__startswith=wanted.code).order_by("code")[:limit])
    if not wanted.words:
        return []
    return _by_words([[word] for word in wanted.words], limit) or _as_meant(wanted.words, limit)


def codes(wanted: list[str]) -> dict[str, IcdCode]:
    """Rows of codes written in any of the usual ways (F331, f33.1), by the code as given."""
    dotted = {given: rules.with_dot(given.strip()) for given in wanted}
    rows = IcdCode.objects.in_bulk(list(dotted.values()))
    return {given: rows[code] for given, code in dotted.items() if code in rows}


def _current() -> QuerySet[IcdCode]:
    return IcdCode.objects.filter(current=True).defer("words")


def _by_words(choices: list[list[str]], limit: int) -> list[IcdCode]:
    """Titles that hold one of each group of words; first where this field of work looks, then everywhere."""
    query = SearchQuery(
        " & ".join("(" + " | ".join(f"{word}:*" for word in group) + ")" for group in choices),
        config="simple",
        search_type="raw",
    )
    found = _ordered(_current().filter(words=query), [group[0] for group in choices])
    near = list(found.filter(rank__lt=rules.ELSEWHERE)[:limit])
    if len(near) >= limit:
        return near
    return near + list(found.filter(rank=rules.ELSEWHERE)[: limit - len(near)])


def _as_meant(words: tuple[str, ...], limit: int) -> list[IcdCode]:
    """The same for words with a typing mistake: each word that is in no title stands for the ones most like it."""
    choices = [[word] if _known(word) else _alike(word) for word in words]
    return _by_words(choices, limit) if all(choices) else []


def _known(word: str) -> bool:
    return len(word) < 4 or IcdWord.objects.filter(word__startswith=word).exists()


def _alike(word: str) -> list[str]:
    similar = IcdWord.objects.annotate(likeness=TrigramSimilarity(Upper("word"), word.upper()))
    rows = similar.filter(likeness__gte=ALIKE).order_by("-likeness", "-uses")[:4]
    return [row.word for row in rows]


def _ordered(found: QuerySet[IcdCode], words: list[str]) -> QuerySet[IcdCode]:
    """By field of work; then titles that say the words themselves, active before past illness, what may be billed,
    and the plainest title."""
    in_title = Q()
    for word in words:
        in_title &= Q(title__icontains=word)
    begins = Q(title__istartswith=words[0])
    past = (
        Q(pk=None) if any("remission".startswith(word) for word in words) else Q(title__icontains="remission")
    )
    return found.order_by(
        "rank",
        _yes_first(in_title & begins, in_title),
        "-billable",
        _yes_first(~past),
        Length("title"),
        "code",
    )


def _yes_first(*conditions: Q) -> Case:
    """0 where the first condition holds, 1 where the second does, and so on."""
    whens = [When(condition, then=Value(place)) for place, condition in enumerate(conditions)]
    return Case(*whens, default=Value(len(conditions)), output_field=IntegerField())
