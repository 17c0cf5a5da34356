"""Pages as somebody uses them who has no JavaScript: links followed and forms filled in by their labels.

In the test's own process, so that a whole story costs seconds; what a page does not offer cannot be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from lxml import html

Told = str | bool


class Hand:
    """One person at one screen."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.url = "/"
        self.page: Any = None

    # -- reading -----------------------------------------------------------------------------------------------

    def go(self, url: str) -> Hand:
        """Open an address."""
        self._arrive(self.client.get(url, follow=True), url)
        return self

    def _arrive(self, response: Any, url: str) -> None:
        chain = response.redirect_chain
        self.url = chain[-1][0] if chain else url
        self.page = html.fromstring(response.content.decode()) if response.content else None
        assert response.status_code == 200, f"{response.status_code} at {self.url}: {self.text[:1500]}"

    @property
    def text(self) -> str:
        """What stands on the page, in one line."""
        main = self.page.xpath("//main") if self.page is not None else []
        return _words((main or [self.page])[0]) if self.page is not None else ""

    def sees(self, *sentences: str) -> Hand:
        for sentence in sentences:
            assert sentence in self.text, f"{sentence!r} is not on {self.url}: {self.text[:3000]}"
        return self

    def sees_not(self, sentence: str) -> Hand:
        assert sentence not in self.text, f"{sentence!r} is on {self.url}"
        return self

    def links(self) -> dict[str, str]:
        """Every link of the page's main part, by its words."""
        found: dict[str, str] = {}
        for link in self.page.xpath("//main//a[@href]"):
            found.setdefault(_words(link), urljoin(self.url, link.get("href")))
        return found

    def follow(self, words: str) -> Hand:
        """The first link that says this, or begins with it."""
        found = self.links()
        url = found.get(words) or next((url for said, url in found.items() if said.startswith(words)), None)
        assert url, f"no link {words!r} on {self.url}: {sorted(found)}"
        return self.go(url)

    # -- filling in ---------------------------------------------------------------------------------------------

    def press(
        self, button: str, told: Mapping[str, Told] | None = None, *, blank: str = "", every: str = ""
    ) -> Hand:
        """Fill in the form of this button by its labels and send it.

        `every` is the answer to choose wherever it is offered; `blank` goes into boxes left empty.
        """
        pressed = self._button(button)
        form = next(iter(pressed.iterancestors("form")))
        for label in form.xpath(".//label") if every else ():
            control = _labelled(form, label)
            offered = _words(label) == every or _words(label).startswith(f"{every} ")
            if control is not None and control.get("type") in ("checkbox", "radio") and offered:
                _check(form, control, on=True)
        for label, value in (told or {}).items():
            _fill(form, label, value)
        if blank:
            for box in form.xpath(".//textarea"):
                box.text = box.text if (box.text or "").strip() else blank
        values = [*_sent(form)]
        if pressed.get("name"):
            values.append((pressed.get("name"), pressed.get("value") or ""))
        url = urljoin(self.url, pressed.get("formaction") or form.get("action") or "")
        self._send(url, pressed.get("formmethod") or form.get("method") or "get", values)
        return self

    def _button(self, words: str) -> Any:
        found = self.page.xpath("//main//form//button | //main//form//input[@type='submit']")
        said = {_words(each) or each.get("value") or "": each for each in reversed(found)}
        button = said.get(words)
        if button is None:
            button = next((each for key, each in said.items() if key.startswith(words)), None)
        assert button is not None, f"no button {words!r} on {self.url}: {sorted(said)} {self.text[:2000]}"
        assert button.get("disabled") is None, f"{words!r} is disabled on {self.url}: {self.text[:2000]}"
        return button

    def _send(self, url: str, method: str, values: Iterable[tuple[str, str]]) -> None:
        data: dict[str, list[str]] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        if method.lower() == "get":
            self._arrive(self.client.get(url, data, follow=True), url)
            return
        self._arrive(self.client.post(url, data, follow=True), url)
        assert "Nothing you typed is lost" not in self.text, f"{self.url} asks again: {self.text[:3000]}"


def _words(element: Any) -> str:
    """The words of an element as read: without scripts and with one space between."""
    parts = element.xpath(
        ".//text()[not(ancestor::script) and not(ancestor::template) and not(ancestor::svg)]"
    )
    return " ".join(" ".join(parts).split())


def _sent(form: Any) -> Iterator[tuple[str, str]]:
    """What a browser sends of a form, but for the button."""
    for control in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        kind = control.get("type", "")
        if control.get("disabled") is not None or kind in ("submit", "button", "image", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                yield control.get("name"), control.get("value", "on")
        elif control.tag == "select":
            chosen = control.value_options and (control.value if control.multiple else [control.value])
            yield from ((control.get("name"), value or "") for value in chosen or ())
        else:
            yield (
                control.get("name"),
                control.text or "" if control.tag == "textarea" else control.get("value", ""),
            )


def _fill(form: Any, label: str, value: Told) -> None:
    control = _control(form, label)
    if control.tag == "select":
        options = {_words(each): each.get("value", _words(each)) for each in control.xpath(".//option")}
        assert value in options, f"{label!r} offers {sorted(options)}, not {value!r}"
        control.value = options[str(value)]
    elif control.tag == "textarea":
        control.text = str(value)
    elif control.get("type") in ("checkbox", "radio"):
        _check(form, control, on=bool(value))
    else:
        control.set("value", str(value))


def _check(form: Any, control: Any, *, on: bool) -> None:
    if on and control.get("type") == "radio":
        for other in form.xpath(f".//input[@type='radio'][@name={control.get('name')!r}]"):
            other.attrib.pop("checked", None)
    if on:
        control.set("checked", "checked")
    else:
        control.attrib.pop("checked", None)


def _control(form: Any, label: str) -> Any:
    """What this label belongs to; `group: label` picks one within a fieldset."""
    within, _colon, name = label.rpartition("::")
    scopes = [form]
    if within:
        scopes = [each for each in form.xpath(".//fieldset") if _legend(each).startswith(within)]
        assert scopes, f"no group {within!r}: {[_legend(each) for each in form.xpath('.//fieldset')]}"
    labels = scopes[0].xpath(".//label")
    begins = [each for each in labels if _words(each).startswith(name)]
    for each in [*begins, *labels]:
        if name in _words(each) and (found := _labelled(form, each)) is not None:
            return found
    raise AssertionError(f"no field {label!r}: {[_words(each) for each in form.xpath('.//label')]}")


def _labelled(form: Any, label: Any) -> Any:
    """What a label belongs to: named by it, or within it."""
    named = form.xpath(f".//*[@id={label.get('for')!r}]") if label.get("for") else []
    return next(iter(named or label.xpath(".//input | .//select | .//textarea")), None)


def _legend(fieldset: Any) -> str:
    return _words(fieldset.xpath(".//legend")[0]) if fieldset.xpath(".//legend") else ""
