"""The `neike` command: the product's own commands by name, everything else as Django's."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run `neike COMMAND`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
    execute_from_command_line([sys.argv[0], *sys.argv[1:]])
