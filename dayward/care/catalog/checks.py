from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from dayward.care.catalog.rules.library import Malformed, read_kind
from dayward.care.catalog.services import LIBRARY


@register()
def library_is_well_formed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a service kind that cannot be read or whose example does not come out."""
    found: list[CheckMessage] = []
    for path in sorted(LIBRARY.iterdir()):
        try:
            if path.suffix != ".toml":
                raise Malformed("only .toml files belong here")
            read_kind(path.read_text(encoding="utf-8"), stem=path.stem)
        except (Malformed, UnicodeDecodeError) as error:
            found.append(Error(f"Service kind {path.name}: {error}", id="catalog.E001"))
    return found
