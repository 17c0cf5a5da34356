"""Read referral documents and let them wait for somebody: one JSON line per file.

FHIR R4 bundles (collection, transaction, batch, document; JSON or XML) and C-CDA documents (R1.1 and R2.1), gzipped
or not. "accepted" means understood and waiting among the referrals, where a person takes them in; "refused" says why.
The same bytes twice are kept once.

examples:
  dayward import referral.xml bundle.json.gz
  dayward import --site "Riverside" inbox/*.xml
  dayward import --dry-run *.json          only read and tell; nothing is written and no database is needed
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dayward.care.referrals.outcome import Accepted, RefusedDocument
from dayward.care.referrals.read import read
from dayward.care.referrals.services import receive
from dayward.care.referrals.summary import summary
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused

CANNOT_OPEN = "cannot-open"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a document to read")
    parser.add_argument("--dry-run", action="store_true", help="only read and tell; write nothing")
    parser.add_argument("--site", help="the site the people come to (the first one, if not said)")


def needs_database(options: Namespace) -> bool:
    return not options.dry_run


def run(options: Namespace) -> int:
    """The exit code is 1 when a file could not be opened at all; a refused document is an answer, not a failure."""
    site = None if options.dry_run else site_named(options.site)
    unopened = 0
    for number, path in enumerate(options.files, start=1):
        progress(f"{number}/{len(options.files)} {path.name}")
        result = read_file(path, site)
        unopened += isinstance(result, RefusedDocument) and result.reason == CANNOT_OPEN
        tell(summary(result, file=str(path)))
    return 1 if unopened else 0


def site_named(name: str | None) -> Site:
    """The site asked for; the only one where nobody asked."""
    sites = list(Site.objects.all())
    chosen = [site for site in sites if name is None or site.name.casefold() == name.casefold()]
    if name is None and len(sites) > 1:
        chosen = sorted(sites, key=lambda site: site.pk)[:1]
        progress(f"several sites; the people go to {chosen[0].name} (say --site for another)")
    if not chosen:
        known = ", ".join(site.name for site in sites) or _("none; run `dayward init` first")
        raise Refused(_("There is no such site. Sites: %(known)s") % {"known": known})
    return chosen[0]


def read_file(path: Path, site: Site | None) -> Accepted | RefusedDocument:
    try:
        content = path.read_bytes()
    except OSError as error:
        return RefusedDocument(CANNOT_OPEN, f"This file cannot be opened: {error.strerror or 'unreadable'}.")
    if site is None:
        return read(content)
    return receive(actor=system_actor("import"), site=site, content=content, file_name=path.name).result


def tell(line: dict[str, Any]) -> None:
    text = json.dumps(line, ensure_ascii=False)
    sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")  # a file name need not be text
    sys.stdout.flush()


def progress(text: str) -> None:
    """On standard error, and only for people watching: a file name may hold a patient's name."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{text}\n")
