"""Copy the few front-end files that pages use from node_modules into var/static-parts.

Everything a page loads comes from here and is served by Dayward itself: no page asks another host for anything.
Run again at will: nothing is copied when the lock file has not changed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"

# target in var/static-parts -> source in node_modules
FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "fonts/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "fonts/inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "fonts/LICENSE": "@fontsource-variable/inter/LICENSE",
    "icons/LICENSE": "@tabler/icons/LICENSE",
}

_SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n*]*(\*/)?")

# Latin first: the browser fetches latin-ext only for a name that needs it.
FONT_CSS = """\
@font-face {
  font-family: "Inter Variable"; font-style: normal; font-display: swap; font-weight: 100 900;
  src: url("inter-latin-ext.woff2") format("woff2-variations");
  unicode-range: U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329,
    U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF;
}
@font-face {
  font-family: "Inter Variable"; font-style: normal; font-display: swap; font-weight: 100 900;
  src: url("inter-latin.woff2") format("woff2-variations");
  unicode-range: U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329,
    U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD;
}
"""


def fingerprint() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update((ROOT / "package-lock.json").read_bytes())
    return digest.hexdigest()


def copy_parts(target: Path) -> bool:
    """Bring `target` up to date; True when something had to be done."""
    stamp = target / ".fingerprint"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    if target.exists():
        shutil.rmtree(target)
    for name, source in FILES.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()))
    (target / "fonts" / "inter.css").write_text(FONT_CSS, encoding="utf-8")
    stamp.write_text(wanted)
    return True


if __name__ == "__main__":
    sys.stdout.write("copied\n" if copy_parts(ROOT / "var" / "static-parts") else "nothing to do\n")
