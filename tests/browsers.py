"""Find a Chromium, or install Debian's when that needs no question."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")
HOW_TO_INSTALL = (
    "No Chromium was found, so the browser tests are skipped. To run them, as root:\n"
    f"    apt-get update && apt-get install -y {' '.join(PACKAGES)}\n"
    "or point NEIKE_CHROMIUM at a Chromium or Chrome."
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find(*, install: bool = False) -> str | None:
    """Return the path of a browser; with `install`, fetch Debian's as root when it or its fonts are missing."""
    given = os.environ.get("NEIKE_CHROMIUM")
    if given:
        return given
    found = _installed()
    if install and (found is None or not _has_chinese_font()) and _may_install():
        print(f"Preparing: {' and '.join(PACKAGES)} by apt (once)", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *PACKAGES]):
            subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
        found = _installed()
    return found


def _installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    return bool(
        subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False).stdout
    )


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and Path("/usr/bin/apt-get").exists()
