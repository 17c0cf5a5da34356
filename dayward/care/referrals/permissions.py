from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

IMPORT = declare(
    "referrals.import", _("Import referral documents, and accept a person from them or set them aside")
)
