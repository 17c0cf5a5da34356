"""Rules of the house that no other tool checks, on the source itself."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from dayward.kernel.local import CHECKOUT

LONGEST_FUNCTION = 40
LONGEST_FILE = 420
# An act that leaves its time leaves its author; these times are no acts of a person.
NO_ACT = {
    "at": "the time of a row that names its author otherwise",
    "created_at": "when the row was made; the audit entry names the author",
    "expires_at": "a limit",
}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [CHECKOUT / line for line in listed.stdout.splitlines()]
    return [path for path in found if path.is_file()]


FILES = _tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]
PRODUCT = [
    path for path in PYTHON if path.is_relative_to(CHECKOUT / "dayward") and "migrations" not in path.parts
]
TEMPLATES = [
    path
    for path in FILES
    if path.suffix == ".html" and "templates" in path.parts and "tests" not in path.parts
]


def _name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def test_annotations_are_read_late_everywhere() -> None:
    line = "from __future__ import annotations"
    ours = [path for path in PYTHON if "migrations" not in path.parts]
    missing = [_name(path) for path in ours if _text(path).strip() and line not in _text(path)]
    assert not missing, missing


INDENTED_IMPORT = re.compile(r"(?:^[ \t]+|[;:][ \t]*)(?:from|import)[ \t]+dayward", re.MULTILINE)


def test_first_party_imports_stand_on_top() -> None:
    """Only apps.py imports inside functions: what it registers exists when all apps are loaded."""
    wrong = []
    for path in PRODUCT:
        if path.name == "apps.py" or path.is_relative_to(CHECKOUT / "dayward" / "doors" / "cli"):
            continue
        if not INDENTED_IMPORT.search(_text(path)):
            continue
        for function in _functions(_tree(path)):
            inside = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
            wrong += [f"{_name(path)}:{node.lineno}" for node in inside if _first_party(node)]
    assert not wrong, wrong


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Wherever one is defined; functions stand in statements, never in expressions."""
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, name, ())
            left += inside if isinstance(inside, list) else ()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _first_party(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] == "dayward"
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "dayward" for alias in node.names)


def test_functions_stay_short() -> None:
    long = []
    for path in PRODUCT:
        for function in _functions(_tree(path)):
            lines = _lines_of_code(function)
            if lines > LONGEST_FUNCTION:
                long.append(f"{_name(path)}:{function.lineno} {function.name}: {lines} lines")
    assert not long, long


def _lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_files_stay_readable() -> None:
    files = {path: len(_text(path).splitlines()) for path in PRODUCT if "tests" not in path.parts}
    long = {_name(path): count for path, count in files.items() if count > LONGEST_FILE}
    assert not long, long


def test_every_package_says_what_it_is_for() -> None:
    packages = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("dayward.")]
    missing = [_name(path) for path in packages if not (path / "README.md").is_file()]
    assert not missing, missing


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX)\b")
    here = Path(__file__)
    kept = [path for path in PYTHON + TEMPLATES if path != here]
    found = [_name(path) for path in kept if words.search(_text(path))]
    assert not found, found


def test_no_path_of_a_machine_is_in_the_repository() -> None:
    places = re.compile(r"/(work|root|home)/[a-z]")
    texts = [
        path
        for path in FILES
        if path.suffix in {".py", ".html", ".md", ".toml", ".txt", ".json", ".in", ".cfg"}
    ]
    wrong = [_name(path) for path in texts if path != Path(__file__) and places.search(_text(path))]
    assert not wrong, wrong


def test_every_text_of_a_template_is_translated() -> None:
    wrong = [f"{_name(path)}: {text!r}" for path in TEMPLATES for text in bare_texts(_text(path))]
    assert not wrong, "\n".join(wrong)


_TAGS = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|{#.*?#}|{%.*?%}|{{.*?}}|<(script|style|code|kbd|svg)\b.*?</\1>|<!--.*?-->",
    re.DOTALL,
)
_SAID_IN = re.compile(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"")
_NO_WORDS = re.compile(r"^(?:[^A-Za-z]|&[a-z]+;|Dayward|UTC|NPI|AM|PM|dw-[a-z-]+)*$")


def bare_texts(template: str) -> list[str]:
    """Words for people that stand in a template outside translation tags."""
    left = _TAGS.sub("\x00", template)
    said = list(_SAID_IN.findall(left))
    seen = re.sub(r"<[^>]*>", "\x00", left).split("\x00")
    return [text.strip() for text in [*said, *seen] if text.strip() and not _NO_WORDS.match(text.strip())]


@pytest.mark.parametrize(
    ("template", "bare"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %}</p>', []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %} · 3", []),
        ('<input placeholder="Name">', ["Name"]),
        ('<a href="{% url "x" %}" class="btn btn-sm">{{ name }}</a>', []),
    ],
)
def test_bare_texts_are_found(template: str, bare: list[str]) -> None:
    assert bare_texts(template) == bare


def test_templates_need_no_inline_script_or_style() -> None:
    """The content security policy refuses both."""
    inline = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\b(?:src|type=\"application/json\"))")
    wrong = [_name(path) for path in TEMPLATES if inline.search(_text(path))]
    assert not wrong, wrong


TYPED_AWAY = (r'formmethod="get"', r"hx-get=[^>]*hx-include=", r'type="search"[^>]*hx-get=')


def test_what_is_typed_stands_in_no_address() -> None:
    """A proxy writes addresses down, and a browser remembers them."""
    for path in TEMPLATES:
        found = [rule for rule in TYPED_AWAY if re.search(rule, _text(path))]
        assert not found, f"{_name(path)}: {found}"


def _ours() -> list[type[models.Model]]:
    return [m for app in apps.get_app_configs() if app.name.startswith("dayward.") for m in app.get_models()]


def test_every_act_names_its_author() -> None:
    """`x_at` that may be empty has an `x_by`, and a constraint keeps them together."""
    wrong = []
    for model in _ours():
        names = {field.name: field for field in model._meta.concrete_fields}
        for name, field in names.items():
            if not name.endswith("_at") or name in NO_ACT or not field.null:
                continue
            by = f"{name.removesuffix('_at')}_by"
            if by in names and not _kept_together(model, name, by):
                wrong.append(f"{model._meta.label}: {name} and {by} have no paired() constraint")
    assert not wrong, wrong


def _kept_together(model: type[models.Model], at: str, by: str) -> bool:
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    return any(
        f"{at}__isnull" in str(one.condition) and f"{by}__isnull" in str(one.condition) for one in checks
    )


NO_DAY_OF_A_PAGE = {
    "dayward/foundation/access/services/roles.py": "the day before, so that it has begun in every zone",
    "dayward/care/schedule/models/seats.py": "the day before, so that it has not ended in any zone",
}


def test_no_page_takes_the_day_by_utc() -> None:
    """`timezone.localdate()` is the reader's day, `day_at(site)` a site's, `today_at(person)` a person's."""
    by_utc = re.compile(r"timezone\.now\(\)\.date\(\)|\bdate\.today\b|\butcnow\b")
    product = [
        path for path in PRODUCT if not {"tests", "demo"} & set(path.parts) and path.name != "factories.py"
    ]
    assert {_name(path) for path in product if by_utc.search(_text(path))} == set(NO_DAY_OF_A_PAGE)
