from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from dayward.care.schedule import library
from dayward.kernel.errors import Misconfigured


@register()
def limits_are_well_formed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a pack of limits that cannot be read, or with one key in two packs."""
    found: list[CheckMessage] = []
    seen: dict[str, str] = {}
    for name in library.names():
        try:
            pack = library.pack(name)
            library.examples(name)
        except Misconfigured as problem:
            found.append(Error(problem.sentence, id="schedule.E001"))
            continue
        for limit in pack.limits:
            if seen.setdefault(limit.key, name) != name:
                found.append(Error(f"{limit.key} is in {seen[limit.key]} and {name}", id="schedule.E002"))
    return found
