"""Which states of a run are kept, so that any other one is a short replay away. A bounded number of them.

Three kinds: checkpoints at every multiple of a spacing; fine checkpoints between them, for stepping back; and one place
for each viewer, for stepping on. The least recently used fine checkpoints and places go first.
"""

import math
from collections import OrderedDict
from typing import TypeVar

from nnviz.model.update_rules import TrainingState

Key = TypeVar("Key")
Value = TypeVar("Value")

MIN_FINE = 24  # fine checkpoints that are kept at least, memory permitting
VIEWERS = 104  # viewers whose own place is kept, memory permitting


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
        self._places: OrderedDict[str, tuple[int, TrainingState]] = OrderedDict()  # by viewer

    @property
    def nbytes(self) -> int:
        return (len(self._coarse) + len(self._fine) + len(self._places)) * self.state_bytes

    def nearest(self, step: int) -> int:
        """The last step up to `step` whose state is kept."""
        coarse = min(step // self.spacing, len(self._coarse) - 1) * self.spacing
        places = (at for at, _ in self._places.values())
        return max((at for at in (*self._fine, *places) if coarse < at <= step), default=coarse)

    def find(self, step: int) -> TrainingState | None:
        """The state before mini-batch `step`, if it is kept."""
        for kept in (self._coarse, self._fine):
            if step in kept:
                return kept[step]
        return next((state for at, state in self._places.values() if at == step), None)

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

    def keep_place(self, viewer: str, step: int, state: TrainingState) -> None:
        """Keep the state of the step at which a viewer is, instead of the one where that viewer was."""
        put_last(self._places, viewer, (step, state), self._max_viewers)


def put_last(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep a value as the newest; the oldest go if there are more than `most`."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
