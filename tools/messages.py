"""Spanish for what patients see: which messages that is, the catalog, and its compiled form.

    python tools/messages.py missing     what has no Spanish yet (exit 1 when there is any)
    python tools/messages.py update      add those to dayward/locale/es/LC_MESSAGES/django.po, empty
    python tools/messages.py compile     write django.mo beside it (no gettext needed on the machine)

Needs Django for its template reader. `tests/test_spanish.py` refuses a gap, and a .mo that is not this .po.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "dayward" / "locale" / "es" / "LC_MESSAGES" / "django.po"

# What a patient, relative or visitor can be shown: templates with their parts, and the sentences of services.
SURFACE = (
    "dayward/demo/banner.py",
    "dayward/doors/portal/**/*.html",
    "dayward/doors/portal/**/*.py",
    "dayward/ui/templates/**/*.html",
    "dayward/ui/fields.py",
    "dayward/ui/widgets.py",
    "dayward/ui/templatetags/ui.py",
    "dayward/care/journey/templates/journey/inquire.html",
    "dayward/care/journey/templates/journey/thanks.html",
    "dayward/care/journey/forms/public.py",
    "dayward/foundation/consent/words.py",
    "dayward/foundation/consent/wording.py",
    "dayward/foundation/consent/services/*.py",
    "dayward/foundation/messaging/services.py",
    "dayward/foundation/signing/services.py",
    "dayward/chart/safety/rules/crisis.py",
    "dayward/chart/measures/library/*/instrument.toml",
)
STAFF_ONLY = {
    "staff.html", "keys.html", "palette.html", "user_menu.html", "conflict.html", "picker.html", "pages.html",
    "picker_results.html", "week_grid.html", "theme_switch.html", "sort_link.html", "draft_status.html",
    "draft_saved.html", "dropzone.html", "steps.html", "corrections.html",
}  # fmt: skip
# Of these files only what the named functions say.
FUNCTIONS = {
    "dayward/foundation/access/services/portal.py": {"use_portal_key"},
    "dayward/chart/measures/services.py": {"answer", "finish", "_locked", "_check_asker"},
    "dayward/chart/plans/services/signing.py": {"sign_as_person", "_signable", "_role_of", "_check_role"},
    "dayward/chart/plans/services/wording.py": {"often"},
    "dayward/chart/casework/services/letters.py": {"ask_letter"},
    "dayward/chart/casework/services/meetings.py": {"log_meeting", "meeting_in_error", "_may_tell"},
    "dayward/care/journey/services/alumni.py": {"answer_event"},
    "dayward/care/attendance/services/places.py": {"tell_place"},
}
# Of a discharge plan, the titles under which the person wrote for hard days.
OWN_PLAN = ("dayward/care/journey/rules/leaving.py", {"early_signs", "what_helps", "who_helps", "crisis"})
# The headings of a safety plan: the second thing each of its parts is made of.
SAFETY_PLAN = "dayward/chart/safety/rules/plan.py"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_LITERAL = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(?:n?gettext|_)\(\s*({_LITERAL})\s*(?:,\s*({_LITERAL})\s*,)?")

Message = tuple[str, str]  # singular and plural (empty: none)


def messages() -> dict[Message, str]:
    """Every message patients may see, with the first file it stands in."""
    found: dict[Message, str] = {}
    for path in sorted({path for pattern in SURFACE for path in ROOT.glob(pattern)}):
        if "tests" in path.parts or path.name in STAFF_ONLY:
            continue
        for message in _of_file(path):
            found.setdefault(message, str(path.relative_to(ROOT)))
    for name, functions in FUNCTIONS.items():
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.FunctionDef) and node.name in functions:
                found.update(dict.fromkeys(_of_python(node), name))
    found.update(dict.fromkeys(_titles(ROOT / OWN_PLAN[0], OWN_PLAN[1]), OWN_PLAN[0]))
    found.update(dict.fromkeys(_headings(ROOT / SAFETY_PLAN), SAFETY_PLAN))
    return found


def _of_file(path: Path) -> Iterator[Message]:
    if path.suffix == ".toml":  # a questionnaire: what it is about
        yield tomllib.loads(path.read_text())["about"], ""
    elif path.suffix == ".html":
        yield from _of_template(path)
    else:
        yield from _of_python(ast.parse(path.read_text()))


def _titles(path: Path, keys: set[str]) -> Iterator[Message]:
    """The second of each tuple that begins with one of the keys."""
    for node in ast.walk(ast.parse(path.read_text())):
        parts = node.elts if isinstance(node, ast.Tuple) else []
        if len(parts) > 1 and isinstance(parts[0], ast.Constant) and parts[0].value in keys:
            yield from _of_python(parts[1])


def _headings(path: Path) -> Iterator[Message]:
    """What `Part(key, heading, …)` is called."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Part":
            yield from _of_python(node.args[1])


def _of_template(path: Path) -> Iterator[Message]:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    for match in _IN_TEMPLATE.finditer(templatize(path.read_text(), origin=str(path))):
        singular = ast.literal_eval(match[1])
        if singular:
            yield singular, ast.literal_eval(match[2]) if match[2] else ""


def _of_python(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            plural = str(texts[1]) if node.func.id.startswith("ngettext") and len(texts) > 1 else ""
            if texts and isinstance(texts[0], str) and texts[0]:
                yield texts[0], plural


# -- the catalog -------------------------------------------------------------------------------------------------


def catalog(path: Path = CATALOG) -> dict[Message, tuple[str, ...]]:
    """Message -> translation (one form, or singular and plural)."""
    found: dict[Message, tuple[str, ...]] = {}
    for block in re.split(r"\n\s*\n", path.read_text() if path.exists() else ""):
        fields = _fields(block)
        if "msgid" in fields:
            forms = tuple(fields[name] for name in ("msgstr", "msgstr[0]", "msgstr[1]") if name in fields)
            found[fields["msgid"], fields.get("msgid_plural", "")] = forms
    return found


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        started = re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")$', line)
        if started:
            name = started[1]
            fields[name] = ast.literal_eval(started[2])
        elif name and line.startswith('"'):
            fields[name] += ast.literal_eval(line)
    return fields


def entry(message: Message, forms: tuple[str, ...], place: str = "") -> str:
    singular, plural = message
    lines = [f"#: {place}"] if place else []
    lines.append(f"msgid {_quoted(singular)}")
    if not plural:
        return "\n".join([*lines, f"msgstr {_quoted(forms[0] if forms else '')}"])
    both = (*forms, "", "")[:2]
    lines.append(f"msgid_plural {_quoted(plural)}")
    return "\n".join([*lines, *(f"msgstr[{place}] {_quoted(form)}" for place, form in enumerate(both))])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


HEADER = """\
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Language: es
Plural-Forms: nplurals=2; plural=(n != 1);
"""


def write(known: dict[Message, tuple[str, ...]], path: Path = CATALOG) -> None:
    """The catalog with every message of the surface, in the order of its files; what is no longer said is dropped."""
    wanted = messages()
    blocks = [entry(("", ""), (HEADER,))]
    blocks += [entry(message, known.get(message, ()), place) for message, place in wanted.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n")


def missing() -> list[Message]:
    known = catalog()
    return [message for message in messages() if not all(known.get(message, ("",)))]


def compiled(known: dict[Message, tuple[str, ...]]) -> bytes:
    """The catalog as GNU .mo: sorted ids and translations behind two tables of lengths and places."""
    pairs = sorted(
        ("\0".join(filter(None, message)).encode(), "\0".join(forms).encode())
        for message, forms in known.items()
        if all(forms)
    )
    start = 28 + 16 * len(pairs)
    ids = b"".join(key + b"\0" for key, _ in pairs)
    texts = b"".join(text + b"\0" for _, text in pairs)
    id_table, text_table, at, text_at = b"", b"", start, start + len(ids)
    for key, text in pairs:
        id_table += struct.pack("<II", len(key), at)
        text_table += struct.pack("<II", len(text), text_at)
        at, text_at = at + len(key) + 1, text_at + len(text) + 1
    head = struct.pack("<IIIIIII", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + id_table + text_table + ids + texts


def main(command: str) -> int:
    if command == "update":
        write(catalog())
    elif command == "compile":
        CATALOG.with_suffix(".mo").write_bytes(compiled(catalog()))
    gaps = missing()
    for singular, _plural in gaps:
        print(f"no Spanish: {singular}")
    return 1 if gaps and command == "missing" else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"missing", "update", "compile"}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
