from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

READ = declare("coverage.read", _("See who pays for a person's care"))
EDIT = declare("coverage.edit", _("Write down and verify who pays"))
