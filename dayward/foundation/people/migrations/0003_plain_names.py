"""Names without case and accents, as one indexed text: how people are found."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_plain(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, name))
$$;
CREATE FUNCTION people_plain_name(family text, given text, chosen text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT public.people_plain(family || ' ' || given || ' ' || chosen)
$$;
CREATE INDEX person_plain_name ON people_person
    USING gin (people_plain_name(legal_family, legal_given, chosen_name) gin_trgm_ops);
"""

BACK = """
DROP INDEX person_plain_name;
DROP FUNCTION people_plain_name(text, text, text);
DROP FUNCTION people_plain(text);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_no_circles"), ("organization", "0001_extensions")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
