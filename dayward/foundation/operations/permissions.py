from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

SEE = declare("operations.see", _("See whether the installation is well, and what to do when it is not"))
