"""`docs/access.md` lists the roles as the code has them. `DAYWARD_WRITE_DOCS=1` writes the list."""

from __future__ import annotations

import os

from dayward.foundation.access.describe import BEGIN, END, roles_markdown
from dayward.kernel.local import CHECKOUT

DOCUMENT = CHECKOUT / "docs" / "access.md"


def test_the_roles_in_the_document_are_those_of_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{roles_markdown()}\n{END}{after}"
    if os.environ.get("DAYWARD_WRITE_DOCS") == "1":
        DOCUMENT.write_text(wanted, encoding="utf-8")
        return
    assert text == wanted, "run: DAYWARD_WRITE_DOCS=1 .venv/bin/pytest tests/test_access_docs.py"
