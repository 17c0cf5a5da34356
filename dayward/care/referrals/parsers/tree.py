"""XML elements by their plain name: the HL7 namespace may be missing or unusual, the names are not."""

from __future__ import annotations

from lxml import etree

Element = etree._Element

HL7 = "urn:hl7-org:v3"
SDTC = "urn:hl7-org:sdtc"


def local_name(element: Element) -> str:
    """The name without its namespace. (Comments are gone: the parser drops them.)"""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    return etree.QName(element).namespace or ""


def plain_names(root: Element) -> None:
    """Rename every element to its plain name, in place. HL7's extension elements become ``sdtc_name``."""
    own = namespace(root)
    for element in root.iter():
        name = etree.QName(element)
        if name.namespace == SDTC:
            element.tag = f"sdtc_{name.localname}"
        elif name.namespace in (None, HL7, own):
            element.tag = name.localname
        else:
            element.tag = f"other_{name.localname}"
