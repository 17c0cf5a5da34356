from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

READ = declare("measures.read", gettext_noop("Read questionnaires: scores, answers and their course"))
WRITE = declare(
    "measures.write", gettext_noop("Ask questionnaires of a person, and write down answers given in talk")
)
