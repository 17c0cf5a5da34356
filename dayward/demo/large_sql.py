"""SQL of a copy: what each column of a copied row becomes. All of it runs inside PostgreSQL."""

# ruff: noqa: S608 - every name in these statements comes from the models, every value from this package

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dayward.demo.large_models import Column, File, Person, Site, Table
from dayward.demo.ledger import AnyModel
from dayward.demo.names import FAMILY
from dayward.demo.simulation import AHEAD_DAYS, SIZES
from dayward.demo.special import SPECIALS
from dayward.foundation.signing.papers import Signable

SIGNED = "signed_text"
ID = "[2-9bcdfghjkmnpqrstvwxz]{16}"
#: Days as texts say them, of the years in which the small clinic lives: dates of birth stay as they are.
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?"
)
SAID = rf"\m(?:{_MONTHS}|Nov(?:ember)?|Dec(?:ember)?) [0-9]{{1,2}}, (?:%(years)s)\M"
WRITTEN = r"\m(?:%(years)s)-[0-9]{2}-[0-9]{2}"
#: How many weeks the small clinic fills, with the run-up to it and what is booked ahead: copies lie side by side.
STRETCH_WEEKS = SIZES["small"].weeks + SIZES["small"].run_up_weeks + AHEAD_DAYS // 7 + 1
#: What a copy puts between the two halves of a family name.
SYLLABLES = ("en", "el", "er", "ing", "um", "os", "ar", "il", "on", "ad", "est", "ov", "ur", "im", "ock", "an", "ell",
             "ot", "ias", "und")  # fmt: skip
ZONE = "America/Chicago"  # both of the demo's zones change their clocks on the same days

FUNCTIONS = r"""
CREATE FUNCTION pg_temp.new_id(old text, tag text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT translate(left(md5(old || tag), 16), '0123456789abcdef', '23456789bcdfghjk') $$;
CREATE FUNCTION pg_temp.back(t timestamptz, days int) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT (t AT TIME ZONE '%(zone)s' - make_interval(days => days)) AT TIME ZONE '%(zone)s' $$;
CREATE FUNCTION pg_temp.hash(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(t, 'UTF8')), 'hex') $$;
CREATE FUNCTION pg_temp.ids_in(t text, tag text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE found text;
BEGIN
  FOR found IN SELECT DISTINCT m[1] FROM regexp_matches(t, '\m(%(id)s)\M', 'g') m LOOP
    IF EXISTS (SELECT FROM moved WHERE id = found) THEN
      t := replace(t, found, pg_temp.new_id(found, tag));
    END IF;
  END LOOP;
  RETURN t;
END $$;
CREATE FUNCTION pg_temp.month_of(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN said ~ '^[A-Za-z]{3} ' THEN 'Mon' ELSE 'FMMonth' END $$;
CREATE FUNCTION pg_temp.days_in(t text, days int) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE found text; month text;
BEGIN  -- the earliest first: what it becomes is earlier than all that is still to be replaced
  FOR found IN SELECT m FROM (SELECT DISTINCT m[1] AS m FROM regexp_matches(t, '(%(said)s)', 'g') m) x
               ORDER BY to_date(m, pg_temp.month_of(m) || ' DD, YYYY') LOOP
    month := pg_temp.month_of(found);
    t := regexp_replace(t, '\m' || found || '\M',
      to_char(to_date(found, month || ' DD, YYYY') - days, month || ' FMDD, YYYY'), 'g');
  END LOOP;
  FOR found IN SELECT m FROM (SELECT DISTINCT m[1] AS m FROM regexp_matches(t, '(%(written)s)', 'g') m) x
               ORDER BY m LOOP
    t := replace(t, found, (found::date - days)::text);
  END LOOP;
  RETURN t;
END $$;
CREATE TEMP TABLE moved (id text PRIMARY KEY);
CREATE TEMP TABLE hashes (old text PRIMARY KEY, new text);
"""  # fmt: skip


class Profile(NamedTuple):
    """What the texts of one column can hold."""

    names: bool
    is_id: bool
    ids: bool
    days: bool
    hashes: bool


Profiles = Mapping[tuple[str, str], Profile]


def names_pattern(kept: Iterable[str]) -> str:
    """The made-up family names in two halves, but those of `kept`: the families of the staff in a copy of the past."""
    told = [special.family for special in SPECIALS]
    firsts = sorted(
        {name.removesuffix("bank") for name in FAMILY if name.endswith("bank")} | {n[:4] for n in told}
    )
    seconds = sorted(
        {name.removeprefix("Amber") for name in FAMILY if name.startswith("Amber")} | {n[4:] for n in told}
    )
    but = "|".join(sorted(kept))
    ahead = rf"(?!(?:{but})\M)" if but else ""
    return rf"\m{ahead}({'|'.join(firsts)})((?:{'|'.join(SYLLABLES)})?(?:{'|'.join(seconds)}))\M"


def functions(years: Iterable[int]) -> str:
    said = "|".join(str(year) for year in years)
    return FUNCTIONS % {
        "zone": ZONE, "id": ID, "said": SAID % {"years": said}, "written": WRITTEN % {"years": said}
    }  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """One copy of rows: of the whole clinic beside it, or of ended histories before it."""

    number: int
    offset: int
    syllable: str  # goes into the family names
    pattern: str
    profiles: Profiles
    days: int = 0  # how far back
    chosen: frozenset[AnyModel] | None = None  # None: every row of every table
    suffix: str = ""  # goes behind the names of sites
    renames: dict[AnyModel, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return f":{self.number}"

    def insert(self, table: Table, where: str) -> str:
        """The statement that copies the rows of one table."""
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(self.value(table, column) for column in table.columns)
        return f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM "{table.name}" x WHERE {where}'

    def value(self, table: Table, column: Column) -> str:
        name = f'x."{column.name}"'
        if column.kind == "id":
            return f"{name} + {self.offset}"
        if column.kind == "public_id":
            return f"pg_temp.new_id({name}, '{self.tag}')"
        if column.kind == "pointer":
            return self.pointer(column, name)
        if column.kind == "numbers":
            return f"ARRAY(SELECT n + {self.offset} FROM unnest({name}) n)::bigint[]"
        if self.days and column.kind in ("instant", "day", "span"):
            return self.earlier(column.kind, name)
        if column.kind in ("text", "json"):
            return self.text(table, column, name)
        return name

    def pointer(self, column: Column, name: str) -> str:
        """To the copy of what it points to, if that is copied too."""
        target = column.target
        if target is File:
            return f"COALESCE((SELECT new FROM hashes WHERE old = {name}), {name})"
        if self.chosen is None or target is Person:
            return f"{name} + {self.offset}"
        if target not in self.chosen:
            return name
        rows = chosen_name(target)
        return f"CASE WHEN {name} IN (SELECT id FROM {rows}) THEN {name} + {self.offset} ELSE {name} END"

    def earlier(self, kind: str, name: str) -> str:
        if kind == "day":
            return f"{name} - {self.days}"
        if kind == "instant":
            return f"pg_temp.back({name}, {self.days})"
        ends = ", ".join(f"pg_temp.back({end}({name}), {self.days})" for end in ("lower", "upper"))
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE tstzrange({ends}, '[)') END"

    def text(self, table: Table, column: Column, name: str) -> str:
        if table.model is Site and column.name == "name":
            return f"{name} || '{self.suffix}'"
        if column.name == SIGNED and issubclass(table.model, Signable):
            return f"COALESCE((SELECT s.said FROM signed_{table.name} s WHERE s.id = x.id), {name})"
        profile = self.profiles[table.name, column.name]
        said = self.changed(profile, f"{name}::text" if column.kind == "json" else name)
        return (
            f"({said})::jsonb" if column.kind == "json" and any(profile) else said if any(profile) else name
        )

    def changed(self, profile: Profile, said: str) -> str:
        """Other names, ids, days and fingerprints in a text."""
        if profile.is_id:
            new = f"pg_temp.new_id({said}, '{self.tag}')"
            said = f"CASE WHEN {said} IN (SELECT id FROM moved) THEN {new} ELSE {said} END"
        elif profile.ids:
            said = f"CASE WHEN {said} ~ '{ID}' THEN pg_temp.ids_in({said}, '{self.tag}') ELSE {said} END"
        if profile.hashes:
            said = f"COALESCE((SELECT new FROM hashes WHERE old = {said}), {said})"
        return self.renamed(said, names=profile.names, days=profile.days)

    def renamed(self, said: str, *, names: bool = True, days: bool = True) -> str:
        """Only people and days."""
        if names:
            said = f"regexp_replace({said}, '{self.pattern}', '\\1{self.syllable}\\2', 'gi')"
        if days and self.days:
            said = f"pg_temp.days_in({said}, {self.days})"
        return said


def chosen_name(model: AnyModel) -> str:
    return f"chosen_{model._meta.db_table}"


def profile(table: Table, columns: list[Column], years: Iterable[int]) -> str:
    """One row of booleans, five for each text column."""
    said = "|".join(str(year) for year in years)
    patterns = (names_pattern(()), f"^{ID}$", rf"\m{ID}\M", f"{SAID}|{WRITTEN}" % {"years": said},
                "^[0-9a-f]{64}$")  # fmt: skip
    tests = [
        f"COALESCE(bool_or(\"{column.name}\"::text ~{'*' if place == 0 else ''} '{pattern}'), false)"
        for column in columns
        for place, pattern in enumerate(patterns)
    ]
    return f'SELECT {", ".join(tests)} FROM "{table.name}"'
