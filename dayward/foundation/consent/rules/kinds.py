"""The closed lists a consent is made of."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """One kind of consent, one form. Kinds are never combined in one form."""

    TREATMENT = "treatment"
    TELEHEALTH = "telehealth"
    TPO = "tpo"
    RELEASE = "release"
    PROCEEDINGS = "proceedings"
    CRIMINAL_JUSTICE = "criminal_justice"
    COUNSELING_NOTES = "counseling_notes"
    ALUMNI = "alumni"


class Information(StrEnum):
    """What may be shared: specific and meaningful (42 CFR 2.31(a)(3))."""

    PRESENCE = "presence"
    SESSION_TIMES = "session_times"
    ATTENDANCE = "attendance"
    DIAGNOSIS = "diagnosis"
    MEDICATIONS = "medications"
    TEST_RESULTS = "test_results"
    PLAN = "plan"
    PROGRESS = "progress"
    SAFETY_PLAN = "safety_plan"
    DISCHARGE = "discharge"
    BILLING = "billing"
    CONTACT = "contact"
    RECORD = "record"  # the whole treatment record; never the counseling notes
    COUNSELING_NOTES = "counseling_notes"


class Purpose(StrEnum):
    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    SUPPORT = "support"  # family or a friend stands by the person
    AT_REQUEST = "at_request"  # "at the request of the patient" (2.31(a)(5))
    WORK_SCHOOL = "work_school"
    MONITORING = "monitoring"  # by a court, probation or parole officer (2.35)
    PROCEEDINGS = "proceedings"  # civil, criminal, administrative, legislative
    AFTERCARE = "aftercare"  # keeping in touch after discharge


class RecipientClass(StrEnum):
    """Whom the single consent for treatment, payment and operations names (2.31(a)(4))."""

    NAMED = "named"
    PROVIDER = "provider"
    PAYER = "payer"
    OPERATIONS = "operations"


class ExpiryEvent(StrEnum):
    """An event instead of a last day (2.31(a)(7))."""

    END_OF_TREATMENT = "end_of_treatment"
    FINAL_DISPOSITION = "final_disposition"
    NONE = "none"  # only for treatment, payment and operations


class Statement(StrEnum):
    """What the wording of a form has to say; each text of the library declares which it does."""

    RIGHT_TO_REVOKE = "right-to-revoke"
    REDISCLOSURE = "redisclosure"
    REFUSING = "refusing"


TPO_PURPOSES = frozenset({Purpose.TREATMENT, Purpose.PAYMENT, Purpose.OPERATIONS})
TPO_CLASSES = frozenset({RecipientClass.PROVIDER, RecipientClass.PAYER, RecipientClass.OPERATIONS})
# Forms by which information leaves the program: these are the written consents of 42 CFR 2.31.
RELEASING = frozenset(
    {Kind.TPO, Kind.RELEASE, Kind.PROCEEDINGS, Kind.CRIMINAL_JUSTICE, Kind.COUNSELING_NOTES}
)
