"""Run the benchmarks named on the command line, or all: every module here that has a `main`."""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    names = sys.argv[1:] or sorted(
        path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_")
    )
    for name in names:
        if not (HERE / f"{name}.py").is_file():
            sys.exit(f"no benchmark {name!r} in {HERE}")
        print(f"== {name}")
        try:
            import_module(f"bench.{name}").main()
        except SystemExit as stop:
            # One that needs a loaded database says so; the others still run.
            print(f"not run: {stop}")


if __name__ == "__main__":
    main()
