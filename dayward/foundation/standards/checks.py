from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.foundation.access.roles import ROLES
from dayward.foundation.standards import library
from dayward.foundation.standards.rules.pack import Pack
from dayward.kernel.errors import Misconfigured


def check_packs(**kwargs: Any) -> list[CheckMessage]:
    """Each pack can be read, every rule has a worked example and a role there is, and no key is in two packs."""
    found: list[CheckMessage] = []
    seen: dict[str, str] = {}
    held: list[tuple[str, str]] = []
    for name in library.names():
        try:
            pack, examples = library.pack(name), library.examples(name)
        except Misconfigured as problem:
            found.append(Error(problem.sentence, id="standards.E001"))
            continue
        found += _of_pack(pack, {example.rule for example in examples}, seen)
        held += [(pack.key, key) for each in pack.held_to for key in each.rules]
    return found + [
        Error(f"{pack}: held to {key}, which there is not", id="standards.E005")
        for pack, key in held
        if key not in seen
    ]


def _of_pack(pack: Pack, shown: set[str], seen: dict[str, str]) -> Iterator[CheckMessage]:
    for key in sorted(shown - {rule.key for rule in pack.rules}):
        yield Error(f"{pack.key}/examples.toml: there is no rule {key}", id="standards.E002")
    for rule in pack.rules:
        if rule.key not in shown:
            yield Error(f"{pack.key}: {rule.key} has no worked example", id="standards.E002")
        if rule.role not in ROLES:
            yield Error(f"{pack.key}: {rule.key} asks an unknown role {rule.role!r}", id="standards.E003")
        if seen.setdefault(rule.key, pack.key) != pack.key:
            yield Error(f"{rule.key} is in {seen[rule.key]} and {pack.key}", id="standards.E004")
