"""Copy the few front-end files that pages use from node_modules into var/static-parts.

Everything a page loads comes from here and is served by Dayward itself: no page asks another host for anything.
Run again at will: nothing is copied when neither the lock file nor the list of icons has changed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
ICON_LIST = ROOT / "dayward" / "ui" / "icons.txt"

# target in var/static-parts -> source in node_modules
FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler-vendors.min.css": "@tabler/core/dist/css/tabler-vendors.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "fonts/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "fonts/inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "fonts/LICENSE": "@fontsource-variable/inter/LICENSE",
    "icons/LICENSE": "@tabler/icons/LICENSE",
}

_SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n*]*(\*/)?")
_SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)

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


def icon_names() -> list[str]:
    """Names from dayward/ui/icons.txt: one a line, `filled/heart` for the filled set, `#` begins a comment."""
    if not ICON_LIST.exists():
        return []
    lines = (line.split("#", 1)[0].strip() for line in ICON_LIST.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def icon_symbol(name: str) -> str:
    """One icon as a <symbol>; its id is the name with `filled/` turned into `filled-`."""
    style, _, base = name.rpartition("/")
    source = MODULES / "@tabler" / "icons" / "icons" / (style or "outline") / f"{base}.svg"
    if not source.exists():
        raise SystemExit(f"There is no Tabler icon called {name}; see {ICON_LIST.relative_to(ROOT)}.")
    found = _SVG_BODY.search(source.read_text(encoding="utf-8"))
    assert found, source
    body = re.sub(r"\s+", " ", found.group(1)).strip()
    paint = (
        'fill="currentColor"'
        if style == "filled"
        else 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name.replace("/", "-")}" viewBox="0 0 24 24" {paint}>{body}</symbol>'


def sprite() -> str:
    symbols = "\n".join(icon_symbol(name) for name in icon_names())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def fingerprint() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update((ROOT / "package-lock.json").read_bytes())
    digest.update("\n".join(icon_names()).encode())
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
    (target / "icons" / "icons.svg").write_text(sprite(), encoding="utf-8")
    stamp.write_text(wanted)
    return True


if __name__ == "__main__":
    sys.stdout.write("copied\n" if copy_parts(ROOT / "var" / "static-parts") else "nothing to do\n")
