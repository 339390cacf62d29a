"""Run the benchmarks named on the command line, or all: every module here that has a `main`."""

import sys
from importlib import import_module
from itertools import takewhile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    words = sys.argv[1:]
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    sys.argv[1:] = words[len(names) :]  # options are for the benchmark to read
    names = names or sorted(
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
