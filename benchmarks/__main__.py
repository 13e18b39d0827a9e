"""Run the benchmarks one after another: `python -m benchmarks`, or some of them by name.

Every file `bench_*.py` here is one benchmark and runs in a process of its own, so that none warms up or
crowds out the next. `python -m benchmarks sgd` runs bench_sgd.py; `--check` exits with 1 if a target is missed.
"""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.targets import MISSED

HERE = Path(__file__).parent
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main(arguments: list[str]) -> int:
    """1 if a benchmark failed, or with --check if a target was missed; else 0."""
    check, wanted = "--check" in arguments, [name for name in arguments if name != "--check"]
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    for name in wanted:
        if name not in names:
            sys.exit(f"A benchmark must be one of {', '.join(names) or '(there are none)'}, got {name}.")
    failed, missed = [], []
    for name in wanted or names:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.bench_{name}"]
        code = subprocess.run(command, cwd=HERE.parent, env={**ONE_THREAD, **os.environ}).returncode
        if code:
            (missed if code == MISSED else failed).append(name)
        print(flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    if missed:
        print(f"Targets missed: {', '.join(missed)}")
    return int(bool(failed or (check and missed)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
