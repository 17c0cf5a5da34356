"""How private a model field is. Each package declares every field in its `privacy.py`."""

from __future__ import annotations

from enum import Enum


class Privacy(Enum):
    """What a value could reveal to someone who should not see it."""

    PUBLIC = "public"  # about the clinic or the software itself; harmless
    STAFF = "staff"  # about people who work here
    IDENTIFYING = "identifying"  # names or locates a patient or a relative
    CLINICAL = "clinical"  # health information; that someone is a patient at all counts
    SECRET = "secret"  # tokens and keys; never shown, never exported


Declared = dict[str, dict[str, Privacy]]
