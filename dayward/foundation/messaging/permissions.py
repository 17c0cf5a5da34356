from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

SEND_LINK = declare("messaging.send_link", _("Send a person the link to their own page, or read out a code"))
