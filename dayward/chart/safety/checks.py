from __future__ import annotations

import tomllib
from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.chart.safety import library
from dayward.foundation.people.models import Credential
from dayward.kernel.errors import Misconfigured


def check_qualifications(**kwargs: Any) -> list[CheckMessage]:
    """Each table can be read, and knows every kind of credential."""
    found: list[CheckMessage] = []
    for name in library.names():
        try:
            table = library.qualifications(name)
            library.examples(name)
        except (Misconfigured, OSError, tomllib.TOMLDecodeError, KeyError) as problem:
            found.append(Error(f"qualifications/{name}: {problem}", id="safety.E001"))
            continue
        missing = sorted(set(Credential.Kind.values) - set(table))
        if missing:
            found.append(
                Error(f"qualifications/{name} says nothing about {', '.join(missing)}", id="safety.E002")
            )
    return found
