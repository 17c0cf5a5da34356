from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

READ = declare("documents.read", _("Read the documents in a chart"))
ADD = declare("documents.add", _("Add documents to a chart, and mark one as entered in error"))
