from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("notes.read", gettext_noop("Read signed notes and drafts"))
WRITE = declare("notes.write", gettext_noop("Write notes of services (signing depends on the credential)"))
COSIGN = declare(
    "notes.cosign", gettext_noop("Sign after those who work under supervision (depends on the credential)")
)
