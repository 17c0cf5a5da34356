from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

READ = declare("audit.read", _("Read the audit trail"))
