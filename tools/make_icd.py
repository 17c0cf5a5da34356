"""Write the table of ICD-10-CM codes that `dayward.foundation.terms` loads.

    python3 -m venv /tmp/icd && /tmp/icd/bin/pip install --require-hashes -r requirements/tools.txt
    /tmp/icd/bin/python tools/make_icd.py

Codes, titles and inclusion terms are by CDC/NCHS and in the public domain. One line a code: code, 1 when it may be
billed, title, inclusion terms ("also known as") separated by "; ". The first line names the release and counts the
codes, so that loading can tell at a glance whether there is anything to do.
"""

from __future__ import annotations

import gzip
import io
import re
import sys
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "dayward" / "foundation" / "terms" / "data"
MONTHS = {"January": "01", "April": "04", "October": "10"}


def plain(text: str) -> str:
    """The text without accents, for people who type on an English keyboard."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def line(icd: object, code: str) -> str:
    """One code as a line of the table."""
    title = icd.get_description(code)  # type: ignore[attr-defined]
    also = [term for term in icd.get_inclusion_term(code) if term != title]  # type: ignore[attr-defined]
    if plain(title) != title:
        also.append(plain(title))
    billable = "1" if icd.is_leaf(code) else "0"  # type: ignore[attr-defined]
    fields = (code, billable, title, "; ".join(also))
    return "\t".join(" ".join(field.split()) for field in fields) + "\n"


def release(package: Path) -> str:
    """Year and month of the release the package carries, from the name of its list of codes."""
    found = re.search(r"code-list-(\w+)-(\d{4})", next(package.glob("data/code-list-*.txt")).name)
    if not found:
        sys.exit("The package no longer names its release in data/code-list-<month>-<year>.txt")
    return f"{found[2]}-{MONTHS[found[1]]}"


def main() -> None:
    import simple_icd_10_cm as icd

    name = release(Path(icd.__file__).parent)
    codes = sorted(code for code in icd.get_all_codes(True) if not icd.is_chapter_or_block(code))
    text = io.StringIO()
    text.write(f"icd-10-cm\t{name}\t{len(codes)}\n")
    text.writelines(line(icd, code) for code in codes)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("icd10cm-*.tsv.gz"):
        old.unlink()
    target = FOLDER / f"icd10cm-{name}.tsv.gz"
    # No time and no name in the gzip header: the same release gives the same bytes.
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.getvalue().encode())
    print(f"{len(codes)} codes of {name}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
