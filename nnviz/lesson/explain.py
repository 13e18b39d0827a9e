"""Where a number comes from, one step back.

What the number is made of can be explained in turn, down to the inputs and the first weights, and what it goes into, up
to the cost and the update.
"""

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell
from nnviz.lesson.explanation import Explanation
from nnviz.lesson.rules import Context
from nnviz.run.moment import Moment


def explain(moment: Moment, cell: Cell, example: int | None = None) -> Explanation:
    """Where the number in `cell` comes from. Gradients and changes: their mean, or those of one example 0..m-1."""
    if example is not None and not 0 <= example < moment.m:
        raise FieldError("example", example, f"a number from 0 to {moment.m - 1}")
    return cell.quantity.explain(Context(moment, example), cell)
