"""`make bench` knows every page: `benchmarks/pages.txt` names it, with a reason where it is not measured.

`DAYWARD_WRITE_BENCH_PAGES=1 .venv/bin/pytest tests/test_bench_pages.py` adds missing names and drops those of pages
that are gone. A page that no link leads to needs its reason written behind the name.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import get_resolver

from benchmarks.pages import LIST, listed
from tests import access_walk as walk

WRITE = os.environ.get("DAYWARD_WRITE_BENCH_PAGES") == "1"


def pages() -> set[str]:
    """Every address of the program that answers GET."""
    patterns = walk._walk(get_resolver().url_patterns, ())
    return {
        walk._address(pattern, spaces).name for pattern, spaces in patterns if answers_get(pattern.callback)
    }


def answers_get(view: Callable[..., Any]) -> bool:
    """Whatever does not say which methods it takes takes GET."""
    return all("GET" in methods for methods in method_lists(view))


def method_lists(view: Callable[..., Any]) -> Iterator[list[str]]:
    """What `require_http_methods` was told, on whichever layer of the view it stands."""
    layer: Callable[..., Any] | None = view
    while layer is not None:
        if inspect.isfunction(layer):
            told = inspect.getclosurevars(layer).nonlocals.get("request_method_list")
            if told is not None:
                yield told
        layer = getattr(layer, "__wrapped__", None)


def test_the_bench_knows_every_page() -> None:
    known, found = listed(), pages()
    missing, gone = sorted(found - set(known)), sorted(set(known) - found)
    if WRITE and (missing or gone):
        kept = {name: reason for name, reason in known.items() if name in found} | dict.fromkeys(missing, "")
        head = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        lines = [f"{name}  {reason}".rstrip() for name, reason in sorted(kept.items())]
        LIST.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
        return
    assert not missing, f"not in benchmarks/pages.txt (see the top of this test): {missing}"
    assert not gone, f"in benchmarks/pages.txt, but no such page: {gone}"
