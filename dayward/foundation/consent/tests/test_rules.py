"""The rules by tables and properties; no database, no clock."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from dayward.foundation.consent import texts
from dayward.foundation.consent.rules import texts as text_rules
from dayward.foundation.consent.rules.allowing import Ask, Reason, allows
from dayward.foundation.consent.rules.elements import Element, Terms, missing
from dayward.foundation.consent.rules.kinds import (
    RELEASING,
    TPO_PURPOSES,
    ExpiryEvent,
    Information,
    Kind,
    Purpose,
    RecipientClass,
    Statement,
)
from dayward.foundation.consent.rules.minors import (
    Care,
    Caution,
    Minor,
    MinorRule,
    Signers,
    guardian_sees,
    who_signs,
)
from dayward.foundation.consent.rules.standing import Given, Standing, may_revoke, standing

DAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)
ALL = frozenset(Statement)

RELEASE = Terms(
    kind=Kind.RELEASE,
    patient="Sam Sample",
    discloser="Riverbend Day Program",
    information=frozenset({Information.ATTENDANCE}),
    recipient="Jordan Example",
    purposes=frozenset({Purpose.SUPPORT}),
    expires_on=date(2027, 3, 4),
    statements=frozenset({Statement.RIGHT_TO_REVOKE}),
)
TPO = replace(
    RELEASE,
    kind=Kind.TPO,
    information=frozenset({Information.RECORD}),
    purposes=TPO_PURPOSES,
    expires_on=None,
    expiry_event=ExpiryEvent.NONE,
    statements=ALL,
)
NOTES = replace(RELEASE, kind=Kind.COUNSELING_NOTES, information=frozenset({Information.COUNSELING_NOTES}))
PROCEEDINGS = replace(RELEASE, kind=Kind.PROCEEDINGS, purposes=frozenset({Purpose.PROCEEDINGS}))
COURT = replace(RELEASE, kind=Kind.CRIMINAL_JUSTICE, purposes=frozenset({Purpose.MONITORING}))


@pytest.mark.parametrize("terms", [RELEASE, TPO, NOTES, PROCEEDINGS, COURT], ids=lambda terms: terms.kind)
def test_a_whole_form_lacks_nothing(terms: Terms) -> None:
    assert missing(terms) == ()


@pytest.mark.parametrize(
    ("terms", "lacking"),
    [
        (replace(RELEASE, patient=" "), Element.PATIENT),
        (replace(RELEASE, discloser=""), Element.DISCLOSER),
        (replace(RELEASE, information=frozenset()), Element.INFORMATION),
        (replace(RELEASE, recipient=""), Element.RECIPIENT),
        (replace(RELEASE, purposes=frozenset()), Element.PURPOSE),
        (replace(RELEASE, expires_on=None), Element.EXPIRY),
        (replace(RELEASE, statements=frozenset()), Element.RIGHT_TO_REVOKE),
        # An end may be missing only where the purpose is treatment, payment and operations.
        (replace(RELEASE, expires_on=None, expiry_event=ExpiryEvent.NONE), Element.NO_END),
        (replace(TPO, purposes=frozenset({Purpose.PAYMENT})), Element.PURPOSE),
        (replace(TPO, statements=ALL - {Statement.REDISCLOSURE}), Element.REDISCLOSURE),
        (replace(TPO, statements=ALL - {Statement.REFUSING}), Element.REFUSING),
        # Counseling notes and proceedings are never combined with anything.
        (replace(RELEASE, information=frozenset({Information.COUNSELING_NOTES})), Element.NOTES_SEPARATE),
        (
            replace(TPO, information=frozenset({Information.RECORD, Information.COUNSELING_NOTES})),
            Element.NOTES_SEPARATE,
        ),
        (replace(NOTES, information=NOTES.information | {Information.PLAN}), Element.NOTES_SEPARATE),
        (replace(RELEASE, purposes=frozenset({Purpose.PROCEEDINGS})), Element.PROCEEDINGS_SEPARATE),
        (
            replace(PROCEEDINGS, purposes=PROCEEDINGS.purposes | {Purpose.TREATMENT}),
            Element.PROCEEDINGS_SEPARATE,
        ),
        (replace(RELEASE, purposes=frozenset({Purpose.MONITORING})), Element.MONITORING_SEPARATE),
        (replace(COURT, purposes=COURT.purposes | {Purpose.SUPPORT}), Element.MONITORING_SEPARATE),
        # 2.35: only criminal justice binds, to what can be known, and no longer than it lasts.
        (replace(RELEASE, irrevocable_until=DAY), Element.IRREVOCABLE),
        (replace(COURT, irrevocable_until=date(2027, 3, 5)), Element.IRREVOCABLE),
        (replace(COURT, irrevocable_event=ExpiryEvent.END_OF_TREATMENT), Element.IRREVOCABLE),
        (
            replace(COURT, irrevocable_until=DAY, irrevocable_event=ExpiryEvent.FINAL_DISPOSITION),
            Element.IRREVOCABLE,
        ),
    ],
)
def test_what_is_missing_is_named(terms: Terms, lacking: Element) -> None:
    assert missing(terms) == (lacking,)


def test_treatment_and_telehealth_name_no_recipient() -> None:
    for kind in (Kind.TREATMENT, Kind.TELEHEALTH):
        terms = replace(RELEASE, kind=kind, information=frozenset(), recipient="", purposes=frozenset())
        assert missing(terms) == ()


# -- standing --------------------------------------------------------------------------------------------------

SIGNED = Given(
    id="c1",
    kind=Kind.RELEASE,
    information=frozenset({Information.ATTENDANCE}),
    recipient="Jordan Example",
    recipient_person="jordan",
    purposes=frozenset({Purpose.SUPPORT}),
    signed_at=NOON - timedelta(days=10),
    complete_at=NOON - timedelta(days=10),
    expires_on=date(2027, 3, 4),
)


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        (SIGNED, Standing.ACTIVE),
        (replace(SIGNED, signed_at=None, complete_at=None), Standing.OFFERED),
        (replace(SIGNED, complete_at=None), Standing.PARTLY),
        (replace(SIGNED, signed_at=None, complete_at=None, declined_at=NOON), Standing.DECLINED),
        (replace(SIGNED, signed_at=None, complete_at=None, withdrawn_at=NOON), Standing.WITHDRAWN),
        (replace(SIGNED, revoked_at=NOON), Standing.REVOKED),
        (replace(SIGNED, revoked_at=NOON + timedelta(seconds=1)), Standing.ACTIVE),
        (replace(SIGNED, complete_at=None, revoked_at=NOON), Standing.REVOKED),
        (replace(SIGNED, expires_on=DAY), Standing.ACTIVE),
        (replace(SIGNED, expires_on=DAY - timedelta(days=1)), Standing.EXPIRED),
        (replace(SIGNED, event_on=DAY), Standing.ACTIVE),
        (replace(SIGNED, event_on=DAY - timedelta(days=1)), Standing.EXPIRED),
        (
            replace(SIGNED, complete_at=NOON + timedelta(days=1), signed_at=NOON + timedelta(days=1)),
            Standing.OFFERED,
        ),
    ],
)
def test_standing(consent: Given, expected: Standing) -> None:
    assert standing(consent, NOON, DAY) is expected


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        (SIGNED, True),
        (replace(SIGNED, kind=Kind.CRIMINAL_JUSTICE), True),
        (replace(SIGNED, kind=Kind.CRIMINAL_JUSTICE, irrevocable_until=DAY), True),
        (replace(SIGNED, kind=Kind.CRIMINAL_JUSTICE, irrevocable_until=DAY + timedelta(days=1)), False),
        (replace(SIGNED, kind=Kind.CRIMINAL_JUSTICE, irrevocable_event=True), False),
        (replace(SIGNED, kind=Kind.CRIMINAL_JUSTICE, irrevocable_event=True, event_on=DAY), True),
        (replace(SIGNED, irrevocable_until=DAY + timedelta(days=9)), True),
    ],
)
def test_only_criminal_justice_binds(consent: Given, expected: bool) -> None:
    assert may_revoke(consent, DAY) is expected


# -- the gate (requirements 7.4 (5)) ---------------------------------------------------------------------------

ASK = Ask(frozenset({Information.ATTENDANCE}), Purpose.SUPPORT, "Jordan Example", "jordan")
TPO_GIVEN = replace(
    SIGNED,
    id="tpo",
    kind=Kind.TPO,
    information=frozenset({Information.RECORD}),
    recipient="my treating providers",
    recipient_person="",
    purposes=TPO_PURPOSES,
    expires_on=None,
)
TPO_ASK = Ask(
    frozenset({Information.PROGRESS}), Purpose.TREATMENT, "Dr. Example", "", RecipientClass.PROVIDER
)
NOTES_GIVEN = replace(
    SIGNED, id="notes", kind=Kind.COUNSELING_NOTES, information=frozenset({Information.COUNSELING_NOTES})
)
NOTES_ASK = replace(ASK, information=frozenset({Information.COUNSELING_NOTES}))
PROCEEDINGS_GIVEN = replace(
    SIGNED, id="court", kind=Kind.PROCEEDINGS, purposes=frozenset({Purpose.PROCEEDINGS})
)
PROCEEDINGS_ASK = replace(ASK, purpose=Purpose.PROCEEDINGS)
RECORD_GIVEN = replace(SIGNED, information=frozenset({Information.RECORD}))


@pytest.mark.parametrize(
    ("consents", "ask", "reason"),
    [
        ([SIGNED], ASK, Reason.ALLOWED),
        ([], ASK, Reason.NOBODY_NAMED),
        ([SIGNED], replace(ASK, recipient="Somebody Else", recipient_person="else"), Reason.NOBODY_NAMED),
        # The same name is somebody else when both are known.
        ([SIGNED], replace(ASK, recipient_person="other"), Reason.NOBODY_NAMED),
        ([SIGNED], replace(ASK, recipient="JORDAN  example", recipient_person=""), Reason.ALLOWED),
        ([SIGNED], replace(ASK, information=frozenset({Information.PRESENCE})), Reason.ALLOWED),
        ([SIGNED], replace(ASK, information=frozenset({Information.PLAN})), Reason.INFORMATION_NOT_COVERED),
        ([SIGNED], replace(ASK, information=frozenset()), Reason.INFORMATION_NOT_COVERED),
        ([SIGNED], replace(ASK, purpose=Purpose.WORK_SCHOOL), Reason.PURPOSE_NOT_COVERED),
        ([replace(SIGNED, revoked_at=NOON)], ASK, Reason.REVOKED),
        ([replace(SIGNED, expires_on=DAY - timedelta(days=1))], ASK, Reason.EXPIRED),
        ([replace(SIGNED, complete_at=None, signed_at=None)], ASK, Reason.NOT_SIGNED),
        ([replace(SIGNED, complete_at=None)], ASK, Reason.NOT_SIGNED),
        ([replace(SIGNED, complete_at=None, signed_at=None, declined_at=NOON)], ASK, Reason.DECLINED),
        # A taken-back consent does not spoil another that stands.
        ([replace(SIGNED, revoked_at=NOON), replace(SIGNED, id="c2")], ASK, Reason.ALLOWED),
        # Two consents do not add up to one disclosure.
        (
            [SIGNED, replace(SIGNED, id="c2", information=frozenset({Information.PLAN}))],
            replace(ASK, information=frozenset({Information.PLAN, Information.ATTENDANCE})),
            Reason.INFORMATION_NOT_COVERED,
        ),
        ([TPO_GIVEN], TPO_ASK, Reason.ALLOWED),
        (
            [TPO_GIVEN],
            replace(TPO_ASK, recipient_class=RecipientClass.PAYER, purpose=Purpose.PAYMENT),
            Reason.ALLOWED,
        ),
        ([TPO_GIVEN], replace(TPO_ASK, recipient_class=RecipientClass.NAMED), Reason.NOBODY_NAMED),
        ([TPO_GIVEN], replace(TPO_ASK, purpose=Purpose.WORK_SCHOOL), Reason.PURPOSE_NOT_COVERED),
        ([TPO_GIVEN], replace(TPO_ASK, information=NOTES_ASK.information), Reason.NOTES_SEPARATE),
        ([TPO_GIVEN], replace(TPO_ASK, purpose=Purpose.PROCEEDINGS), Reason.PROCEEDINGS_SEPARATE),
        ([NOTES_GIVEN], NOTES_ASK, Reason.ALLOWED),
        ([RECORD_GIVEN], NOTES_ASK, Reason.NOTES_SEPARATE),
        ([NOTES_GIVEN], replace(ASK, information=frozenset(Information)), Reason.NOTES_SEPARATE),
        ([PROCEEDINGS_GIVEN], PROCEEDINGS_ASK, Reason.ALLOWED),
        ([RECORD_GIVEN], PROCEEDINGS_ASK, Reason.PROCEEDINGS_SEPARATE),
        ([replace(SIGNED, purposes=frozenset({Purpose.AT_REQUEST}))], ASK, Reason.ALLOWED),
        (
            [replace(SIGNED, purposes=frozenset({Purpose.AT_REQUEST}))],
            replace(ASK, purpose=Purpose.MONITORING),
            Reason.PURPOSE_NOT_COVERED,
        ),
        ([replace(SIGNED, kind=Kind.TREATMENT)], ASK, Reason.NOBODY_NAMED),
        ([replace(SIGNED, kind=Kind.ALUMNI)], ASK, Reason.NOBODY_NAMED),
    ],
)
def test_the_gate(consents: list[Given], ask: Ask, reason: Reason) -> None:
    decision = allows(consents, ask, NOON, DAY)
    assert decision.reason is reason
    assert decision.allowed is (reason is Reason.ALLOWED)


GIVENS = st.builds(
    Given,
    id=st.sampled_from(["a", "b"]),
    kind=st.sampled_from(Kind),
    information=st.frozensets(st.sampled_from(Information)),
    recipient=st.sampled_from(["", "Jordan Example", "Alex Other"]),
    recipient_person=st.sampled_from(["", "jordan", "alex"]),
    purposes=st.frozensets(st.sampled_from(Purpose)),
    signed_at=st.none() | st.just(NOON - timedelta(days=3)),
    complete_at=st.none() | st.just(NOON - timedelta(days=2)),
    revoked_at=st.none() | st.just(NOON - timedelta(days=1)) | st.just(NOON + timedelta(days=1)),
    expires_on=st.none() | st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3)),
)
ASKS = st.builds(
    Ask,
    information=st.frozensets(st.sampled_from(Information)),
    purpose=st.sampled_from(Purpose),
    recipient=st.sampled_from(["Jordan Example", "Alex Other"]),
    recipient_person=st.sampled_from(["", "jordan", "alex"]),
    recipient_class=st.sampled_from(RecipientClass),
)


@forall(st.lists(GIVENS, max_size=4), ASKS)
def test_what_is_allowed_rests_on_one_consent_in_force(consents: list[Given], ask: Ask) -> None:
    decision = allows(consents, ask, NOON, DAY)
    if decision.allowed:
        alone = [allows([consent], ask, NOON, DAY).allowed for consent in consents]
        assert any(alone)
        assert any(
            consent.id == decision.consent and standing(consent, NOON, DAY) is Standing.ACTIVE
            for consent in consents
        )


@forall(st.lists(GIVENS, max_size=4), ASKS)
def test_taking_everything_back_allows_nothing_at_once(consents: list[Given], ask: Ask) -> None:
    revoked = [replace(consent, revoked_at=NOON) for consent in consents]
    assert not allows(revoked, ask, NOON, DAY).allowed


@forall(st.lists(GIVENS, max_size=4), ASKS)
def test_counseling_notes_ride_on_no_other_consent(consents: list[Given], ask: Ask) -> None:
    others = [consent for consent in consents if consent.kind is not Kind.COUNSELING_NOTES]
    wanted = replace(ask, information=ask.information | {Information.COUNSELING_NOTES})
    assert not allows(others, wanted, NOON, DAY).allowed


# -- people under age ------------------------------------------------------------------------------------------


def _rule(care: Care, age: int, mark: str = "V") -> MinorRule:
    return MinorRule("MN", care, age, date(2020, 1, 1), None, mark, "a statute")


VERIFIED = [_rule(Care.MENTAL_HEALTH, 16), _rule(Care.SUBSTANCE_USE, 12)]
MH, SUD = frozenset({Care.MENTAL_HEALTH}), frozenset({Care.SUBSTANCE_USE})


@pytest.mark.parametrize(
    ("person", "kind", "signers", "caution"),
    [
        (Minor(18, "MN"), Kind.TREATMENT, Signers.PATIENT, None),
        (Minor(None, "MN"), Kind.TREATMENT, Signers.PATIENT, Caution.BIRTH_DATE_UNKNOWN),
        (Minor(16, "MN"), Kind.RELEASE, Signers.PATIENT, None),
        (Minor(15, "MN", MH), Kind.TREATMENT, Signers.GUARDIAN, None),
        (Minor(15, "MN", MH), Kind.TELEHEALTH, Signers.GUARDIAN, None),
        (Minor(15, "MN", MH), Kind.TPO, Signers.BOTH, None),
        (Minor(15, "MN", SUD), Kind.TPO, Signers.PATIENT, None),
        # Unknown care is all care: the guardian is needed as soon as one kind needs one.
        (Minor(15, "MN"), Kind.TREATMENT, Signers.GUARDIAN, Caution.CHECK_STATE_LAW),
        (Minor(17, "ZZ"), Kind.TREATMENT, Signers.GUARDIAN, Caution.STATE_NOT_KNOWN),
    ],
)
def test_who_signs(person: Minor, kind: Kind, signers: Signers, caution: Caution | None) -> None:
    found = who_signs(person, kind, VERIFIED, DAY)
    assert (found.signers, found.caution, found.guardian_accepted) == (signers, caution, False)


def test_a_rule_that_is_not_verified_warns_and_does_not_block() -> None:
    unverified = [_rule(Care.MENTAL_HEALTH, 16, "M"), _rule(Care.SUBSTANCE_USE, 12, "M")]
    found = who_signs(Minor(17, "MN"), Kind.TREATMENT, unverified, DAY)
    assert found.signers is Signers.PATIENT
    assert found.caution is Caution.CHECK_STATE_LAW
    assert found.guardian_accepted


@pytest.mark.parametrize(
    ("person", "named", "expected"),
    [
        (Minor(15, "MN", MH), False, True),
        (Minor(16, "MN", MH), False, False),
        (Minor(16, "MN", MH), True, True),
        # One kind of care to which the minor alone may consent closes everything (2.14).
        (Minor(15, "MN"), False, False),
        (Minor(10, "MN"), False, True),
        (Minor(18, "MN", MH), False, False),
        (Minor(None, "MN", MH), False, False),
        (Minor(10, "ZZ", MH), False, False),
    ],
)
def test_what_a_guardian_sees(person: Minor, named: bool, expected: bool) -> None:
    assert guardian_sees(person, VERIFIED, DAY, named_by_person=named) is expected


@forall(st.integers(0, 17), st.sampled_from(Kind), st.sets(st.sampled_from(Care), min_size=1))
def test_a_minor_who_signs_a_release_alone_hides_it_from_the_guardian(
    age: int, kind: Kind, cares: set[Care]
) -> None:
    person = Minor(age, "MN", frozenset(cares))
    if who_signs(person, kind, VERIFIED, DAY).signers is Signers.PATIENT:
        assert not guardian_sees(person, VERIFIED, DAY, named_by_person=False)


def _examples() -> list[tuple[str, dict[str, object]]]:
    files = sorted((texts.LIBRARY / "minors").glob("*.json"))
    return [(path.stem, example) for path in files for example in json.loads(path.read_text())["examples"]]


@pytest.mark.parametrize(("state", "example"), _examples())
def test_the_worked_examples_of_each_state(state: str, example: dict[str, object]) -> None:
    cares = frozenset(Care(each) for each in example["care"])  # type: ignore[attr-defined]
    person = Minor(int(str(example["age"])), state.upper(), cares)
    found = who_signs(
        person, Kind(str(example["kind"])), texts.minor_rules(), date.fromisoformat(str(example["on"]))
    )
    assert found.signers == example["signers"]


# -- texts -----------------------------------------------------------------------------------------------------

TEXTS = [pytest.param(text, id=f"{text.kind}-{text.version}") for text in texts.every_text() if not text.own]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_the_library_is_whole_and_easy_to_read(text: texts.Text) -> None:
    assert texts.problems(text) == []
    assert text_rules.english_grade(text.templates["en"]) <= 6
    assert text_rules.spanish_ease(text.templates["es"]) >= 80
    assert text.templates["en"] != text.templates["es"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_statements_of_2_32_are_never_in_the_packet(text: texts.Text) -> None:
    for template in text.templates.values():
        assert "prohibits unauthorized use or disclosure" not in template
        assert "This record which has been disclosed to you" not in template


def test_every_releasing_form_says_its_elements() -> None:
    for kind in RELEASING:
        used = text_rules.placeholders(texts.current(kind, DAY, own=()).templates["en"])
        wanted = {"patient", "discloser", "recipient", "purpose", "expiry"}
        fixed = kind is Kind.COUNSELING_NOTES  # its information is the notes, in the words of the form
        assert wanted | (set() if fixed else {"information"}) <= used


def test_reading_grades_tell_easy_from_hard() -> None:
    easy = "You may stop at any time. We will help you."
    hard = "Notwithstanding the aforementioned authorization, redisclosure obligations remain enforceable hereunder."
    assert text_rules.english_grade(easy) < 4 < 12 < text_rules.english_grade(hard)


def test_blocks_of_a_text() -> None:
    found = text_rules.blocks("# T\n\n## H\n\nTwo\nlines.\n\n- a\n- b\n")
    assert [(block.kind, block.text, block.items) for block in found] == [
        ("title", "T", ()),
        ("heading", "H", ()),
        ("paragraph", "Two lines.", ()),
        ("list", "", ("a", "b")),
    ]


@forall(st.text(), st.text())
def test_values_are_put_in_as_they_are(name: str, other: str) -> None:
    assert text_rules.fill("{a}|{b}", {"a": name, "b": other}) == f"{name}|{other}".strip() + "\n"


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        text_rules.fill("{a} {b}", {"a": "x"})
