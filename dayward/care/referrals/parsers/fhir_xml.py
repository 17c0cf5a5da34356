"""FHIR in its XML form, turned into the values the JSON form would have given."""

from __future__ import annotations

from typing import Any

from lxml import etree

from dayward.care.referrals.parsers.tree import Element, local_name

_HOLDS_A_RESOURCE = frozenset({"resource", "contained", "outcome"})


def plain_bundle(root: Element) -> dict[str, Any]:
    """The bundle as JSON values. The parser has refused anything nested deeper than 256, so recursion is safe."""
    return {"resourceType": local_name(root), **_children(root)}


def _children(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {
        str(name): str(value) for name, value in element.attrib.items() if name in ("id", "url")
    }
    for child in element:
        name = local_name(child)
        value = _value(child, name)
        if name in found:
            held = found[name]
            found[name] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            found[name] = value
    return found


def _value(element: Element, name: str) -> Any:
    if name == "div":
        return etree.tostring(element, encoding="unicode")
    written = element.get("value")
    if written is not None:
        return written
    children = list(element)
    if name in _HOLDS_A_RESOURCE and len(children) == 1 and local_name(children[0])[:1].isupper():
        return {"resourceType": local_name(children[0]), **_children(children[0])}
    return _children(element)
