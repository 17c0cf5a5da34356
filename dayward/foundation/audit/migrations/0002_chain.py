"""Append-only, and chained by hash: one chain per site.

The chain is written by a deferred trigger, so that it is the last thing a transaction does: the lock
that orders a site's entries is held for the commit only. The application's role can neither write
the chain nor change an entry.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_canonical(e audit_entry) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(
        e.id, e.public_id, e.site_id, extract(epoch FROM e.at), e.kind, e.action, e.actor_kind, e.actor,
        e.person, e.subject_kind, e.subject, e.reason, e.detail
    )::text
$$;

CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    this_chain bigint := coalesce(NEW.site_id, 0);
    last audit_link%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock(7041, this_chain::int);
    SELECT * INTO last FROM audit_link WHERE chain = this_chain ORDER BY position DESC LIMIT 1;
    INSERT INTO audit_link (chain, position, entry_id, previous, digest)
    VALUES (
        this_chain, coalesce(last.position, 0) + 1, NEW.id, coalesce(last.digest, ''::bytea),
        sha256(coalesce(last.digest, ''::bytea) || convert_to(audit_canonical(NEW), 'UTF8'))
    );
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER audit_entry_chain AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_kept BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_unchanged BEFORE UPDATE OR DELETE ON audit_link
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_kept BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

BACK = """
DROP TRIGGER audit_link_kept ON audit_link;
DROP TRIGGER audit_link_unchanged ON audit_link;
DROP TRIGGER audit_entry_kept ON audit_entry;
DROP TRIGGER audit_entry_unchanged ON audit_entry;
DROP TRIGGER audit_entry_chain ON audit_entry;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_canonical(audit_entry);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
