"""The files browsers fetch, under names that carry their hash; gathered when one of them has changed."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from dayward.doors.cli._freshness import static_fingerprint
from dayward.kernel.errors import Misconfigured


def ensure_static() -> bool:
    """Bring STATIC_ROOT up to date; True when there was something to do."""
    if not all(Path(folder).is_dir() for _prefix, folder in settings.STATICFILES_DIRS):
        raise Misconfigured("The front-end parts are not there: run `make setup` in the checkout.")
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    wanted = static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)
    return True
