"""Foreign keys look down only: the order is that of `.importlinter`, which does not see "app.Model" strings."""

from __future__ import annotations

from configparser import ConfigParser

import pytest
from django.apps import apps
from django.db import models

from dayward.kernel.local import CHECKOUT

Place = tuple[int, int]


def _floors(contract: str) -> list[set[str]]:
    """Layers of a contract from the bottom up; packages on one line are siblings."""
    parser = ConfigParser()
    parser.read(CHECKOUT / ".importlinter")
    lines = parser[f"importlinter:contract:{contract}"]["layers"].split("\n")
    names = [set(line.replace("|", " ").replace(":", " ").split()) for line in lines if line.strip()]
    return names[::-1]


LAYERS = _floors("layers")
INSIDE = {name: _floors(name) for name in ("doors", "revenue", "chart", "care", "foundation")}


def _floor(floors: list[set[str]], name: str) -> int:
    return next(number for number, names in enumerate(floors) if name in names)


def place(module: str) -> Place:
    """Where `dayward.<layer>.<package>` stands; `dayward.ui` has no packages inside."""
    _dayward, layer, *package = module.split(".")
    inside = _floor(INSIDE[layer], package[0]) if layer in INSIDE else 0
    return _floor(LAYERS, layer), inside


def _ours() -> list[type[models.Model]]:
    return [
        model
        for app in apps.get_app_configs()
        if app.name.startswith("dayward.")
        for model in app.get_models(include_auto_created=True)
    ]


def _links(model: type[models.Model]) -> list[tuple[str, type[models.Model]]]:
    fields = [*model._meta.concrete_fields, *model._meta.local_many_to_many]
    return [(field.name, field.related_model) for field in fields if isinstance(field.related_model, type)]


def looks_down(model: type[models.Model], target: type[models.Model]) -> bool:
    """Whether a foreign key from one model to the other points down or stays in its package."""
    here, there = model._meta.app_config, target._meta.app_config
    if not there.name.startswith("dayward."):
        return True
    return here.label == there.label or place(there.name) < place(here.name)


def test_every_foreign_key_points_down() -> None:
    wrong = [
        f"{model._meta.label}.{name} -> {target._meta.label}"
        for model in _ours()
        for name, target in _links(model)
        if not looks_down(model, target)
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("dayward.foundation.organization", "dayward.foundation.people"),
        ("dayward.foundation.consent", "dayward.care.catalog"),
        ("dayward.care.schedule", "dayward.chart.safety"),
        ("dayward.chart.safety", "dayward.chart.assessments"),
        ("dayward.kernel", "dayward.ui"),
    ],
)
def test_the_order_is_the_floor_plan(low: str, high: str) -> None:
    assert place(low) < place(high)


def test_a_key_that_points_up_is_found() -> None:
    person, episode = apps.get_model("people", "Person"), apps.get_model("journey", "Episode")
    assert looks_down(episode, person)
    assert not looks_down(person, episode)
