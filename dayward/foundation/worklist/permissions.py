from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

SEE = declare("worklist.see", _("See what is due of one's own, and in the charts that are open"))
OVERSEE = declare("worklist.oversee", _("See everything that is due at the site, by who owes it and by rule"))
AUDIT = declare("worklist.audit", _("Find on the first page what is overdue, by rule"))
