"""Counters of rate limits, shared by all server processes and machines."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE TABLE access_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX access_cache_expires ON access_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE access_cache")]
