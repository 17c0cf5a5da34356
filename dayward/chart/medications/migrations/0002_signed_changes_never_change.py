"""A signed change takes no change; only that it was entered in error may be added."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change

ERROR = ("entered_in_error_at", "entered_in_error_by_id", "entered_in_error_reason")


class Migration(migrations.Migration):
    dependencies = [("medications", "0001_initial"), ("signing", "0002_refuse_signed_change")]
    operations = [refuse_signed_change("medications_medicationchange", *ERROR)]
