"""The asset build: exact versions, all platforms in the lock, and stamps that know what changed."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def build_assets():
    spec = importlib.util.spec_from_file_location(
        "build_assets", ROOT / "frontend" / "build_assets.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_assets"] = module
    spec.loader.exec_module(module)
    return module


def test_every_npm_package_is_pinned_exactly():
    package = json.loads((ROOT / "frontend/package.json").read_text())

    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


@pytest.mark.parametrize(
    "package", ["@tailwindcss/oxide", "@esbuild/", "lightningcss", "@parcel/watcher"]
)
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_lock_lists_the_binaries_of_every_platform(package, platform):
    locked = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]

    assert any(package in name and platform in name for name in locked)


@pytest.fixture
def tree(tmp_path, build_assets):
    for file, text in {
        "frontend/package.json": "{}",
        "frontend/package-lock.json": "{}",
        "frontend/build_assets.py": "",
        "frontend/src/app.js": "x",
        "frontend/src/app.css": "x",
        "src/neike/kernel/ui/icons.txt": "search",
        "src/neike/desk/templates/desk/queue.html": "<p>",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    dist = tmp_path / build_assets.DIST
    dist.mkdir(parents=True)
    for name, product in build_assets.PRODUCTS.items():
        (dist / product).write_text("made")
        stamp = build_assets.fingerprint(tmp_path, build_assets.SOURCES[name](tmp_path))
        (dist / f".{name}.stamp").write_text(stamp)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("src/neike/desk/templates/desk/queue.html", ["styles"]),
        ("frontend/src/app.css", ["styles"]),
        ("frontend/src/app.js", ["scripts", "styles"]),
        ("src/neike/kernel/ui/icons.txt", ["icons"]),
        ("frontend/package-lock.json", ["scripts", "icons", "styles"]),
    ],
)
def test_only_what_is_made_from_a_changed_file_is_stale(tree, build_assets, file, expected):
    assert build_assets.stale(tree) == []

    (tree / file).write_text("changed")

    assert build_assets.stale(tree) == expected


def test_a_missing_product_is_stale(tree, build_assets):
    (tree / build_assets.DIST / "app.css").unlink()

    assert build_assets.stale(tree) == ["styles"]


def test_fresh_assets_need_neither_node_nor_network(tree, build_assets):
    assert build_assets.build(tree, node=Path("/no/such/node")) == []


def test_an_icon_that_does_not_exist_is_named(tree, build_assets):
    (tree / "src/neike/kernel/ui/icons.txt").write_text("mine no-such-drawing")

    with pytest.raises(build_assets.BuildError, match="no icon 'no-such-drawing' for 'mine'"):
        build_assets.build_icons(tree, Path())
