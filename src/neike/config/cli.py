"""The `neike` command. What it may do before Django reads its settings happens here; all else is a command of a module."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run `neike COMMAND`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
    command = sys.argv[1:2]
    if command == ["demo"]:
        _prepare_demo()
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the environment is set

    # Our commands are typed with dashes; Python modules cannot be named so.
    name = [word if word.startswith("-") else word.replace("-", "_") for word in command]
    execute_from_command_line([sys.argv[0], *name, *sys.argv[2:]])


def _prepare_demo() -> None:
    """Make the demo an installation of its own: data folder, flag and address are set before settings load."""
    port = os.environ.get("PORT", "8000")
    os.environ["NEIKE_DEMO"] = "true"
    os.environ.setdefault("NEIKE_DATA", str(Path.cwd() / "var" / "demo"))
    os.environ.setdefault("NEIKE_BASE_URL", f"http://localhost:{port}")


if __name__ == "__main__":
    main()
