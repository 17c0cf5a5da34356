"""A file is its hash: its bytes never change and are never deleted."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_refuse_file_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the bytes of a file never change' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER documents_file_unchanged BEFORE UPDATE OR DELETE ON documents_file
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_file_change();
ALTER TABLE documents_file ADD CONSTRAINT documents_file_is_its_hash
    CHECK (sha256 = encode(sha256(content), 'hex') AND size = length(content));
"""

BACK = """
ALTER TABLE documents_file DROP CONSTRAINT documents_file_is_its_hash;
DROP TRIGGER documents_file_unchanged ON documents_file;
DROP FUNCTION documents_refuse_file_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
