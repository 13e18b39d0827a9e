"""The stages of one mini-batch, in the order in which they are computed, and what each one reveals."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Phase:
    kind: str  # input, feedforward, output error, backpropagate, gradients or update
    layer: int  # the layer l it works on; 0 where it works on all of them

    @property
    def title(self) -> str:
        """In words: `feedforward, layer 2`."""
        one_of_many = self.kind in ("feedforward", "backpropagate")
        return f"{self.kind}, layer {self.layer}" if one_of_many else self.kind


@cache
def phases(num_layers: int) -> tuple[Phase, ...]:
    """The 2L + 1 phases of a network with L layers; a phase's number is its index, from 0."""
    return (
        Phase("input", 1),
        *(Phase("feedforward", layer) for layer in range(2, num_layers + 1)),
        Phase("output error", num_layers),
        *(Phase("backpropagate", layer) for layer in range(num_layers - 1, 1, -1)),
        Phase("gradients", 0),
        Phase("update", 0),
    )


def feedforward_phase(layer: int) -> int:
    """The number of the phase in which z^l and a^l appear (a^1: the input)."""
    return layer - 1


def error_phase(layer: int, num_layers: int) -> int:
    """The number of the phase in which sigma'(z^l) and delta^l appear."""
    return num_layers + (num_layers - layer)


def gradients_phase(num_layers: int) -> int:
    return 2 * num_layers - 1


def update_phase(num_layers: int) -> int:
    return 2 * num_layers
