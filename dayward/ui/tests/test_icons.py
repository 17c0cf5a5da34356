from __future__ import annotations

import json
from pathlib import Path

import pytest

from dayward.ui import icons


def test_decoration_is_silent_and_an_image_has_a_name() -> None:
    assert 'aria-hidden="true"' in icons.svg("calendar")
    assert 'aria-label="Close &quot;it&quot;"' in icons.svg("x", label='Close "it"')


def test_an_unknown_icon_says_how_to_add_one() -> None:
    with pytest.raises(icons.UnknownIcon, match=r"icon_paths\.json"):
        icons.svg("no-such-icon")


def test_icons_are_added_from_the_node_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = tmp_path / "nodes.json"
    nodes.write_text(json.dumps({"dot": [["path", {"d": "M1 1"}], ["path", {"d": "M2 2"}]]}))
    monkeypatch.setattr(icons, "PATHS_FILE", tmp_path / "paths.json")
    icons.paths.cache_clear()
    icons.add(nodes, ["dot"])
    icons.paths.cache_clear()
    assert icons.paths() == {"dot": '<path d="M1 1"/><path d="M2 2"/>'}
    icons.paths.cache_clear()
