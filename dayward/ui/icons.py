"""Icons: outlines from Tabler Icons, written into the page as SVG (no request, no script, prints well).

`icon_paths.json` holds the ones this program may use. To add some, from a checkout with node modules:

    python -m dayward.ui.icons node_modules/@tabler/icons/tabler-nodes-outline.json NAME...
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS_FILE = Path(__file__).with_name("icon_paths.json")
SIZES = ("", "sm", "lg", "xl")


class UnknownIcon(KeyError):
    """No such icon in icon_paths.json; the docstring of dayward.ui.icons says how to add one."""

    def __str__(self) -> str:
        return f"{self.args[0]!r}: {self.__doc__}"


@cache
def paths() -> dict[str, str]:
    """Icon name to the inside of its SVG."""
    found: dict[str, str] = json.loads(PATHS_FILE.read_text(encoding="utf-8"))
    return found


def svg(name: str, *, label: str = "", size: str = "") -> SafeString:
    """The icon as SVG: decoration, or an image with a name when `label` is given."""
    return _drawn(name, label, size) if label else _decoration(name, size)


@cache
def _decoration(name: str, size: str) -> SafeString:
    """Most of a page's hundred icons; they say nothing of anybody."""
    return _drawn(name, "", size)


def _drawn(name: str, label: str, size: str) -> SafeString:
    if name not in paths():
        raise UnknownIcon(name)
    inside = mark_safe(paths()[name])  # noqa: S308 - our own file
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"icon dw-icon-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        classes,
        naming,
        inside,
    )


def add(nodes_file: Path, names: list[str]) -> None:
    """Copy icons from Tabler's node list into our file."""
    nodes: dict[str, list[tuple[str, dict[str, str]]]] = json.loads(nodes_file.read_text(encoding="utf-8"))
    known = dict(paths()) if PATHS_FILE.exists() else {}
    for name in names:
        known[name] = "".join(_element(tag, attributes) for tag, attributes in nodes[name])
    PATHS_FILE.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def _element(tag: str, attributes: dict[str, str]) -> str:
    inside = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<{tag} {inside}/>"


if __name__ == "__main__":
    add(Path(sys.argv[1]), sys.argv[2:])
