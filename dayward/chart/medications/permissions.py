from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("medications.read", gettext_noop("Read what somebody takes, and each change"))
REPORT = declare(
    "medications.report",
    gettext_noop("Write down what the person reports: adherence, side effects, what others prescribe"),
)
PRESCRIBE = declare(
    "medications.prescribe",
    gettext_noop("Change what this program prescribes (signing depends on the credential)"),
)
