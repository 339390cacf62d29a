"""The gates: each is one command, all are run in the current folder, every failure is printed.

python -m tools.check [NAME ...]
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Gate:
    """A named check: a program of the project's environment and its arguments."""

    name: str
    command: tuple[str, ...]

    def run(self) -> list[str]:
        """Return the lines to print when it fails, or nothing."""
        program, *words = self.command
        done = subprocess.run(
            [str(PROGRAMS / program), *words], capture_output=True, text=True, check=False
        )
        lines = (done.stdout + done.stderr).splitlines() or [f"exit code {done.returncode}"]
        return [line for line in lines if ": note:" not in line] if done.returncode else []


GATES = (
    Gate("format", ("ruff", "format", "--check", ".")),
    Gate("lint", ("ruff", "check", "--output-format=concise", ".")),
    Gate("imports", ("lint-imports",)),
    Gate("dependencies", ("deptry", ".")),
    Gate("templates", ("djlint", "--lint", "--quiet", "src")),
    Gate("messages", ("python", "-m", "tools.messages", "check")),
    Gate("types", ("mypy",)),
    Gate("framework", ("neike", "check", "--fail-level", "WARNING")),
    Gate("migrations", ("neike", "makemigrations", "--check", "--dry-run")),
)


def main() -> int:
    """Run the gates named on the command line, or all; return 1 when one fails."""
    wanted = sys.argv[1:] or [gate.name for gate in GATES]
    failed = False
    for gate in GATES:
        if gate.name not in wanted:
            continue
        begun = time.monotonic()
        lines = gate.run()
        verdict = "FAIL" if lines else "ok"
        print(f"{verdict:<5}{gate.name:<13}{time.monotonic() - begun:6.1f} s", flush=True)
        print("".join(f"     {line}\n" for line in lines[-60:]), end="", flush=True)
        failed = failed or bool(lines)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
