"""Every field of every model says how private it is, in its package's `privacy.py`."""

from __future__ import annotations

import importlib

import pytest
from django.apps import AppConfig, apps
from django.db import models

from dayward.kernel.privacy import Privacy

OURS = [app for app in apps.get_app_configs() if app.name.startswith("dayward.")]
NEED_NO_WORD = {"id", "public_id"}


def _models(app: AppConfig) -> list[type[models.Model]]:
    return [model for model in app.get_models() if not model._meta.auto_created]


def _fields(model: type[models.Model]) -> set[str]:
    own = [*model._meta.concrete_fields, *model._meta.local_many_to_many]
    return {field.name for field in own} - NEED_NO_WORD


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_every_field_is_declared(app: AppConfig) -> None:
    found = _models(app)
    if not found:
        return
    declared = importlib.import_module(f"{app.name}.privacy").PRIVACY
    wanted = {model.__name__: _fields(model) for model in found}
    missing = {name: fields - set(declared.get(name, {})) for name, fields in wanted.items()}
    gone = {name: set(fields) - wanted.get(name, set()) - NEED_NO_WORD for name, fields in declared.items()}
    assert not {name: fields for name, fields in missing.items() if fields}, (
        f"{app.name}.privacy: not declared"
    )
    assert not {name: fields for name, fields in gone.items() if fields}, f"{app.name}.privacy: no such field"
    assert all(isinstance(word, Privacy) for fields in declared.values() for word in fields.values())


def test_a_secret_is_never_declared_for_show() -> None:
    """Fields that hold digests or passwords are SECRET wherever they stand."""
    for app in OURS:
        for model in _models(app):
            declared = importlib.import_module(f"{app.name}.privacy").PRIVACY[model.__name__]
            for name in _fields(model) & {"password", "token_digest", "secret", "secret_digest"}:
                assert declared[name] is Privacy.SECRET, f"{app.label}.{model.__name__}.{name}"
