"""Run everything: the gates, the tests on SQLite with a real browser, the tests on a real PostgreSQL.

python -m tests.run [--require-browser] [--only gates|sqlite|postgresql] [pytest arguments]
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tests import browsers, postgres
from tools import messages

ROOT = Path(__file__).resolve().parent.parent
NO_DATABASE = ("tests/engines", "tests/project")
"""What asks nothing of a database is not run a second time."""


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """Read the command line; what is not ours goes to pytest."""
    parser = argparse.ArgumentParser(prog="dev.py test", description=__doc__)
    parser.add_argument(
        "--require-browser", action="store_true", help="a missing browser is an error"
    )
    parser.add_argument("--only", choices=["gates", "sqlite", "postgresql"])
    return parser.parse_known_args()


def step(name: str, command: list[str], **environment: str) -> int:
    """Run one step and say how it ended."""
    print(f"\n=== {name}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
    print(
        f"=== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    return code


def main() -> int:
    """Run the steps; return 0 when all passed."""
    options, rest = arguments()
    messages.compile_all()
    chromium = browsers.find(install=True)
    if chromium is None:
        print(browsers.HOW_TO_INSTALL, flush=True)
        if options.require_browser:
            return 1
    browser = {
        "NEIKE_CHROMIUM": chromium or "",
        "NEIKE_REQUIRE_BROWSER": str(int(options.require_browser)),
    }
    parallel = [] if "-n" in rest else ["-n", "auto"]
    pytest = [sys.executable, "-m", "pytest", *parallel, *rest]
    failed = []
    if options.only in {None, "gates"} and step("gates", [sys.executable, "-m", "tools.check"]):
        failed.append("gates")
    if options.only in {None, "sqlite"} and step(
        "tests on SQLite and in the browser", pytest, **browser
    ):
        failed.append("SQLite")
    if options.only in {None, "postgresql"}:
        with postgres.server() as address:
            if step(
                "tests on PostgreSQL",
                [*pytest, "-m", "not browser", *(f"--ignore={each}" for each in NO_DATABASE)],
                NEIKE_DATABASE_URL=address,
                **browser,
            ):
                failed.append("PostgreSQL")
    print(f"\n{'Failed: ' + ', '.join(failed) if failed else 'Everything passed.'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
