"""Run the benchmarks one after another: `python -m benchmarks`, or some of them by name.

Every file `bench_*.py` here is one benchmark and runs in a process of its own, so that none warms up or
crowds out the next. `python -m benchmarks step` runs bench_step.py.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main(wanted: list[str]) -> int:
    """The number of benchmarks that failed."""
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    for name in wanted:
        if name not in names:
            sys.exit(f"A benchmark must be one of {', '.join(names) or '(there are none)'}, got {name}.")
    failed = []
    for name in wanted or names:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.bench_{name}"]
        if subprocess.run(command, cwd=HERE.parent, env={**ONE_THREAD, **os.environ}).returncode:
            failed.append(name)
        print(flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
