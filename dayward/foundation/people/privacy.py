from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

IDENTIFYING, CLINICAL, STAFF, SECRET = Privacy.IDENTIFYING, Privacy.CLINICAL, Privacy.STAFF, Privacy.SECRET

PRIVACY: Declared = {
    "Person": {
        **dict.fromkeys(
            (
                "legal_given",
                "legal_middle",
                "legal_family",
                "suffix",
                "chosen_name",
                "pronouns",
                "birth_date",
                "sex",
                "gender",
                "language",
                "interpreter_needed",
                "deceased_on",
                "site",
                "same_as",
                "created_at",
                "entered_in_error_at",
            ),
            IDENTIFYING,
        ),
        "entered_in_error_by": STAFF,
        "contact_note": CLINICAL,  # tells who must not know about treatment
        "version": Privacy.PUBLIC,
    },
    "ContactPoint": dict.fromkeys(
        (
            "person",
            "kind",
            "value",
            "may_call",
            "may_leave_message",
            "may_text",
            "may_email",
            "note",
            "preferred",
            "ended_on",
        ),
        IDENTIFYING,
    ),
    "Address": dict.fromkeys(
        ("person", "street", "city", "state", "zip_code", "may_mail", "ended_on"), IDENTIFYING
    ),
    "Identifier": dict.fromkeys(("person", "system", "value", "label", "ended_on"), IDENTIFYING),
    "Relationship": dict.fromkeys(
        (
            "person",
            "relative",
            "kind",
            "is_guardian",
            "is_emergency_contact",
            "lives_together",
            "note",
            "ended_on",
        ),
        IDENTIFYING,
    ),
    "User": {
        "email": STAFF,
        "password": SECRET,
        "last_login": STAFF,
        "person": CLINICAL,  # that somebody has a patient's account
        "is_active": STAFF,
        "created_at": STAFF,
    },
    "StaffMember": dict.fromkeys(
        (
            "user",
            "given",
            "family",
            "pronouns",
            "title",
            "npi",
            "phone",
            "supervisor",
            "sites",
            "started_on",
            "ended_on",
        ),
        STAFF,
    ),
    "Credential": dict.fromkeys(
        ("staff", "kind", "license_number", "license_state", "issued_on", "expires_on"), STAFF
    ),
}
