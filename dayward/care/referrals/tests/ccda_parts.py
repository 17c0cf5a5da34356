# ruff: noqa: E501
"""Parts of C-CDA documents for tests."""

from __future__ import annotations

from dayward.care.referrals.outcome import Accepted
from dayward.care.referrals.packet import Packet
from dayward.care.referrals.read import read

T = "2.16.840.1.113883.10.20.22.4."


def packet(data: bytes) -> Packet:
    result = read(data)
    assert isinstance(result, Accepted), result
    return result.packet


def problem(
    value: str, *, low: str = "20200101", extra: str = "", status: str = "active", attrs: str = ""
) -> str:
    return (
        f'<entry><act><templateId root="{T}3"/><statusCode code="{status}"/><entryRelationship><observation {attrs}>'
        f'<templateId root="{T}4"/><id root="1.2"/>{extra}<statusCode code="completed"/>'
        f'<effectiveTime><low value="{low}"/></effectiveTime>{value}</observation></entryRelationship></act></entry>'
    )


def coded(code: str, words: str = "", system: str = "2.16.840.1.113883.6.96") -> str:
    return f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName="{words}"/>'


def drug(
    code: str, *, times: str = '<effectiveTime><low value="20200101"/></effectiveTime>', rest: str = ""
) -> str:
    return (
        f'<entry><substanceAdministration><templateId root="{T}16"/><id root="1.2"/><statusCode code="active"/>{times}{rest}'
        f"<consumable><manufacturedProduct><manufacturedMaterial>{code}</manufacturedMaterial></manufacturedProduct>"
        "</consumable></substanceAdministration></entry>"
    )


SERTRALINE = '<code code="36437" codeSystem="2.16.840.1.113883.6.88" displayName="sertraline"/>'


def allergy(participant: str, *, value: str = "", attrs: str = "") -> str:
    value = value or coded("416098002", "Drug allergy")
    return (
        f'<entry><act><templateId root="{T}30"/><entryRelationship><observation {attrs}><templateId root="{T}7"/>'
        f'<id root="1.2"/><statusCode code="completed"/>{value}<participant typeCode="CSM"><participantRole>'
        f"<playingEntity>{participant}</playingEntity></participantRole></participant></observation></entryRelationship></act></entry>"
    )


def visit(code: str, time: str, rest: str = "", identifier: str = "V1") -> str:
    return (
        f'<entry><encounter classCode="ENC" moodCode="EVN"><templateId root="{T}49"/><id root="9.9" extension="{identifier}"/>'
        f"{code}<effectiveTime>{time}</effectiveTime>{rest}</encounter></entry>"
    )


STAY = (
    '<componentOf><encompassingEncounter><id root="9.9" extension="V1"/><effectiveTime><low value="20200301"/>'
    '<high value="20200309"/></effectiveTime><dischargeDispositionCode code="01" displayName="Home"/>'
    "</encompassingEncounter></componentOf>"
)
