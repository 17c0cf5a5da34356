"""A signed letter or summary takes no change but what becomes of it: handed over, sent, entered in error."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change

ERROR = ("entered_in_error_at", "entered_in_error_by_id")


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("signing", "0002_refuse_signed_change")]
    operations = [
        refuse_signed_change("casework_letter", "done_at", "done_by_id", "disclosure_id", *ERROR),
        refuse_signed_change("casework_summary", "disclosure_id", "entered_in_error_reason", *ERROR),
    ]
