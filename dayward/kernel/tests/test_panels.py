from __future__ import annotations

from dayward.kernel.gathering import Reading, alone, known
from dayward.kernel.panels import Context, Panel, contexts
from dayward.kernel.permissions import Permission


def test_what_two_show_parts_of_is_read_once() -> None:
    read: list[str] = []

    def plan(person: str) -> Reading[Context]:
        read.append(person)
        return (yield from known({"plan": person}))

    def notes(person: str) -> Context:
        return None

    may = Permission("tests.read", "Read")
    panels = [Panel(key, "", "", shows, may) for key, shows in (("1", plan), ("2", notes), ("3", plan))]
    assert alone(contexts(panels, "Jo")) == [{"plan": "Jo"}, None, {"plan": "Jo"}] and read == ["Jo"]
