"""What a document is, whose bytes it has and who brought it never changes; whose it is is said once."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_refuse_document_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.public_id, NEW.file_id, NEW.kind, NEW.title, NEW.file_name, NEW.media_type, NEW.received_at,
        NEW.received_by) IS DISTINCT FROM (OLD.public_id, OLD.file_id, OLD.kind, OLD.title, OLD.file_name,
        OLD.media_type, OLD.received_at, OLD.received_by)
        OR (OLD.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id) THEN
        RAISE EXCEPTION 'a document stays what it is and whose it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER documents_document_stays BEFORE UPDATE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_document_change();
"""

BACK = """
DROP TRIGGER documents_document_stays ON documents_document;
DROP FUNCTION documents_refuse_document_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_files_never_change")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
