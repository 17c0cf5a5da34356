from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

SETUP = declare("organization.setup", _("Set up sites, settings and the clinic's name"))
