from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

TEXTS = declare("consent.texts", _("Keep the words of consents and of the notice, by version"))
READ = declare("consent.read", _("See a person's consents, what they allow and what was disclosed"))
MANAGE = declare("consent.manage", _("Prepare consents, hand them over, record revocations and disclosures"))
