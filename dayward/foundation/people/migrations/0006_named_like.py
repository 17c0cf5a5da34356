"""Who has a name like what was typed, misspelled: found by the index, which knows the operator but not the function."""

from __future__ import annotations

from django.db import migrations

# The operator's threshold is a setting of the session; with the function it holds for this question alone.
FORWARD = """
CREATE FUNCTION people_named_like(name text) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT coalesce(array_agg(id), '{}') FROM public.people_person
    WHERE name OPERATOR(public.<%) public.people_plain_name(legal_family, legal_given, chosen_name)
$$;
"""
BACK = "DROP FUNCTION people_named_like(text);"


class Migration(migrations.Migration):
    dependencies = [("people", "0005_entered_in_error")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
