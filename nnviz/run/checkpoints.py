"""Which states of a run are kept, so that any other one is a short replay away. A bounded number of them.

Three kinds: checkpoints at every multiple of a spacing; fine checkpoints between them, for stepping back; and one for
each viewer, at that viewer's own place, for stepping on. The least recently used fine and viewer's ones go first.
"""

import math
from collections import OrderedDict

from nnviz.model.update_rules import TrainingState

MIN_FINE = 24  # fine checkpoints that are kept at least, memory permitting
VIEWERS = 104  # viewers whose own place is kept, memory permitting
NEXT_STEPS = 2  # a viewer's checkpoint at most this many steps back is taken to be the same viewer's


class Checkpoints:
    """States of a run by step. Not safe for several threads at once: the trajectory has the lock."""

    def __init__(self, start: TrainingState, steps: int, max_bytes: int) -> None:
        self.state_bytes = start.nbytes
        states = max(max_bytes // self.state_bytes, 8)
        self._max_fine = min(max(states // 8, MIN_FINE), states // 4)
        self._max_viewers = min(VIEWERS, states // 2 - 1)
        self.spacing = steps // (states - self._max_fine - self._max_viewers) + 1
        self._fine_spacing = math.isqrt(self.spacing)
        self._coarse: dict[int, TrainingState] = {0: start}  # at every multiple of the spacing that was reached
        self._fine: OrderedDict[int, TrainingState] = OrderedDict()
        self._viewers: OrderedDict[int, TrainingState] = OrderedDict()

    @property
    def nbytes(self) -> int:
        return (len(self._coarse) + len(self._fine) + len(self._viewers)) * self.state_bytes

    def nearest(self, step: int) -> int:
        """The last step up to `step` whose state is kept."""
        coarse = min(step // self.spacing, len(self._coarse) - 1) * self.spacing
        between = (at for kept in (self._fine, self._viewers) for at in kept if coarse < at <= step)
        return max(between, default=coarse)

    def find(self, step: int) -> TrainingState | None:
        """The state before mini-batch `step`, if it is kept."""
        for kept in (self._coarse, self._fine, self._viewers):
            if step in kept:
                return kept[step]
        return None

    def __getitem__(self, step: int) -> TrainingState:
        """The state before mini-batch `step`, which must be kept."""
        state = self.find(step)
        if state is None:
            raise KeyError(step)
        return state

    def is_due(self, step: int) -> bool:
        """Whether a replay that comes by keeps the state of this step."""
        return step % self.spacing == 0 or step % self._fine_spacing == 0

    def keep(self, step: int, state: TrainingState) -> None:
        """Keep the state of a step that is due."""
        if step % self.spacing == 0:
            self._coarse[step] = state
        else:
            put_last(self._fine, step, state, self._max_fine)

    def keep_for_viewer(self, step: int, state: TrainingState, came_from: int) -> None:
        """Keep a viewer's place; the viewer's place before, at `came_from`, is dropped."""
        if step - came_from <= NEXT_STEPS:
            self._viewers.pop(came_from, None)
        put_last(self._viewers, step, state, self._max_viewers)

    def drop_viewer(self, step: int) -> None:
        """Drop what was kept for a viewer at this step, if it was."""
        self._viewers.pop(step, None)


def put_last(kept: OrderedDict[int, TrainingState], step: int, state: TrainingState, most: int) -> None:
    """Keep a state as the newest; the oldest go if there are more than `most`."""
    kept[step] = state
    kept.move_to_end(step)
    while len(kept) > most:
        kept.popitem(last=False)
