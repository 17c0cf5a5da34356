from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

TEAM = declare("access.team", _("Put staff on a care team, and end it"))
READERS = declare("access.readers", _("See who looked at a chart"))
REVIEW = declare("access.review", _("Review charts opened by break-glass"))
STAFF = declare("access.staff", _("Keep staff, their roles, credentials and sign-ins"))
