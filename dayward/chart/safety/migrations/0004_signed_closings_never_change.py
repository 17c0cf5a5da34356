"""What closed an alert takes no change; a co-signature or that it was an error may be added once. Steps only grow."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change

ERROR = ("entered_in_error_at", "entered_in_error_by_id", "entered_in_error_reason")


class Migration(migrations.Migration):
    dependencies = [("safety", "0003_alerts"), ("signing", "0002_refuse_signed_change")]
    operations = [refuse_signed_change("safety_alertclosing", "cosignature_id", *ERROR)]
