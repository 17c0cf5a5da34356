"""Which facts a rule looks at: what it says stays the same while all others change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from dayward.foundation.standards.rules.engine import DELIVERED, EPISODE_ENDED, SESSION
from dayward.foundation.standards.rules.pack import Pattern, Rule
from dayward.kernel.facts import word_of

COUNTED = {word_of(DELIVERED), word_of(SESSION)}  # what moves a clock that counts sessions


def words_of(rule: Rule) -> set[str]:
    """First words of the kinds of facts that `dues_of` reads for the rule."""
    words = {word_of(pattern.kind) for pattern in _patterns(rule)}
    lengths = (rule.within, rule.at_most, rule.hard)
    return words | COUNTED if any(each and each.unit.is_counted for each in lengths) else words


def _patterns(rule: Rule) -> Iterator[Pattern]:
    for some in (rule.after, rule.done, rule.unless, rule.given, rule.moot):
        yield from some
    for stretch in (rule.during, rule.paused):
        if stretch is not None:
            yield from (stretch.begins, stretch.ends)
    if not rule.outlives:
        yield EPISODE_ENDED


def touched(rules: Iterable[Rule], words: Collection[str]) -> tuple[set[str], set[str]]:
    """Keys of the rules that look at facts of one of `words`, and every word that has to be told to work these out.

    A rule is touched with all that have its key: they follow each other in time.
    """
    asked = [(rule.key, words_of(rule)) for rule in rules]
    keys = {key for key, mine in asked if not mine.isdisjoint(words)}
    return keys, {word for key, mine in asked if key in keys for word in mine}
