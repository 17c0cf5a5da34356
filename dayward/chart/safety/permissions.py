from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("safety.read", gettext_noop("Read statements of risk and safety plans"))
WRITE = declare(
    "safety.write",
    gettext_noop("Write statements of risk and safety plans (signing depends on the credential)"),
)
ANSWER = declare(
    "safety.answer",
    gettext_noop("Answer alerts: acknowledge, record contact, close (signing depends on the credential)"),
)
ALERTS = declare("safety.alerts", gettext_noop("See every alert and how it was answered"))
