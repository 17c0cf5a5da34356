from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("plans.read", gettext_noop("Read treatment plans and their reviews"))
WRITE = declare(
    "plans.write",
    gettext_noop("Write treatment plans and reviews (signing depends on the credential)"),
)
