"""The phases of one mini-batch, in the order in which they are computed."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class PhaseKind:
    """A kind of phase. What each one computes, and from what, follows from nnviz/lesson/quantities.py."""

    title: str  # in words, with {layer} if there is one for each layer
    word: str  # on its button, with {layer}
    group: str  # forward, backward or learn: what the phases beside each other are about
    direction: int = 0  # 1: from layer to layer towards the output, -1: back, 0: neither
    equations: str = ""  # the book's names of what it computes with, if they have any


FEEDFORWARD, OUTPUT_ERROR, BACKPROPAGATE = "feedforward", "output error", "backpropagate"
INPUT, GRADIENTS, UPDATE = "input", "gradients", "update"
FORWARD, BACKWARD, LEARN = "forward", "backward", "learn"
KINDS = {
    INPUT: PhaseKind("input", "Input", FORWARD),
    FEEDFORWARD: PhaseKind("feedforward, layer {layer}", "Forward {layer}", FORWARD, direction=1),
    OUTPUT_ERROR: PhaseKind("output error", "Output error", BACKWARD, equations="BP1"),
    BACKPROPAGATE: PhaseKind(
        "backpropagate, layer {layer}", "Back to {layer}", BACKWARD, direction=-1, equations="BP2"
    ),
    GRADIENTS: PhaseKind("gradients", "Gradients", LEARN, equations="BP3 BP4"),
    UPDATE: PhaseKind("update", "Update", LEARN),
}


@dataclass(frozen=True)
class Phase:
    kind: str  # one of KINDS
    layer: int  # the layer l it works on; 0 if it works on all of them

    @property
    def title(self) -> str:
        """In words: `feedforward, layer 2`."""
        return KINDS[self.kind].title.format(layer=self.layer)

    @property
    def word(self) -> str:
        """On its button: `Forward 2`."""
        return KINDS[self.kind].word.format(layer=self.layer)

    @property
    def group(self) -> str:
        return KINDS[self.kind].group

    @property
    def equations(self) -> str:
        return KINDS[self.kind].equations

    @property
    def direction(self) -> int:
        return KINDS[self.kind].direction


@cache
def phases(num_layers: int) -> tuple[Phase, ...]:
    """The 2L + 1 phases of a network with L layers; a phase's number is its index, from 0."""
    return (
        Phase(INPUT, 1),
        *(Phase(FEEDFORWARD, layer) for layer in range(2, num_layers + 1)),
        Phase(OUTPUT_ERROR, num_layers),
        *(Phase(BACKPROPAGATE, layer) for layer in range(num_layers - 1, 1, -1)),
        Phase(GRADIENTS, 0),
        Phase(UPDATE, 0),
    )


def phase_number(num_layers: int, kinds: tuple[str, ...], layer: int) -> int:
    """The number of the phase of one of these kinds that works on this layer (or on all of them).

    Raises ValueError if there is none.
    """
    for number, phase in enumerate(phases(num_layers)):
        if phase.kind in kinds and phase.layer in (layer, 0):
            return number
    raise ValueError(f"no phase of the kinds {', '.join(kinds)} works on layer {layer} of {num_layers}")


def error_phase(layer: int, num_layers: int) -> int:
    """The number of the phase in which sigma'(z^l) and delta^l appear."""
    return phase_number(num_layers, (OUTPUT_ERROR, BACKPROPAGATE), layer)
