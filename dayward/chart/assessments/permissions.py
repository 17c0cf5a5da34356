from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("assessments.read", gettext_noop("Read assessments, diagnoses, allergies and levels of care"))
WRITE = declare(
    "assessments.write",
    gettext_noop("Write assessments and levels of care (signing depends on the credential)"),
)
