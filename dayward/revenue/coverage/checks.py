from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from dayward.revenue.coverage.queries import WEEK_TERMS, library
from dayward.revenue.coverage.rules.week_terms import Malformed, read_terms


@register()
def library_is_well_formed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with terms of a payer that cannot be read or whose example does not come out."""
    found: list[CheckMessage] = []
    names = {each.name for each in library()}
    for path in sorted(WEEK_TERMS.iterdir()):
        try:
            if path.suffix != ".toml":
                raise Malformed("only .toml files belong here")
            if read_terms(path.read_text(encoding="utf-8")).payer not in names:
                raise Malformed("the payer is not in payers.json")
        except (Malformed, UnicodeDecodeError) as error:
            found.append(Error(f"Terms of a payer {path.name}: {error}", id="coverage.E001"))
    return found
