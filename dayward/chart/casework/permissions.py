from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("casework.read", gettext_noop("Read letters, summaries, needs and outside meetings"))
WRITE = declare("casework.write", gettext_noop("Look after needs, and write and send letters"))
SUMMARIZE = declare(
    "casework.summarize",
    gettext_noop("Write discharge summaries and transfer packets (signing depends on the credential)"),
)
