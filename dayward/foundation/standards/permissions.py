from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

SEE = declare("standards.see", _("See the rule packs: what is asked, by whom, and how sure that is"))
ADOPT = declare("standards.adopt", _("Say which rule packs hold at a site, and from when"))
EDIT = declare("standards.edit", _("Set the clinic's own rules, with a preview on the charts"))
