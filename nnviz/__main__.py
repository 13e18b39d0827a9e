"""`python -m nnviz check-lecture FILE...`: whether lecture files can be read and their places exist."""

import argparse
import sys
from pathlib import Path

from nnviz.errors import NnvizError
from nnviz.lecture.lecture import read
from nnviz.lecture.places import places


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nnviz", description="A neural network, step by step.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check-lecture", help="say what is wrong with lecture files, and in which line")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return check_lectures(parser.parse_args(arguments).files)


def check_lectures(files: list[Path]) -> int:
    """Says of each file what it holds or what is wrong with it; 1 if something is, else 0."""
    wrong = 0
    for file in files:
        try:
            found = places(read(file.read_text("utf-8")))
        except (NnvizError, OSError, UnicodeDecodeError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            wrong = 1
        else:
            print(f"{file}: {len(found)} beats")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
