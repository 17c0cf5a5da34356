"""Signed consents and notices never change, but for what happens to them afterwards; disclosures never at all."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change

FORWARD = """
CREATE FUNCTION consent_refuse_disclosure_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of disclosures is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER consent_disclosure_unchanged BEFORE UPDATE OR DELETE ON consent_disclosure
    FOR EACH ROW EXECUTE FUNCTION consent_refuse_disclosure_change();
"""

BACK = """
DROP TRIGGER consent_disclosure_unchanged ON consent_disclosure;
DROP FUNCTION consent_refuse_disclosure_change();
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("signing", "0002_refuse_signed_change")]
    operations = [
        refuse_signed_change(
            "consent_consent",
            "second_signature_id",
            "event_on",
            "revoked_at",
            "revoked_by_id",
            "revocation_note",
        ),
        refuse_signed_change("consent_noticegiven"),
        migrations.RunSQL(FORWARD, BACK),
    ]
