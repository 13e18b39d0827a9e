"""A network from a file as the start of a run."""

from collections.abc import Iterable
from dataclasses import replace

from nnviz import datasets
from nnviz.errors import NnvizError, StorageError
from nnviz.model.network import Network
from nnviz.run.experiment import MAX_LAYERS, MAX_NEURONS, Experiment
from nnviz.run.starting_weights import STARTS


def experiment_from(network: Network, like: Experiment, others: Iterable[str] = ()) -> Experiment:
    """The experiment that starts from this network's parameters, on the data of `like` or the first that fits.

    The seed, the learning rate and the rest stay as in `like`; `others` are the data sets to try. What was edited by
    hand belongs to another network and is left out.
    """
    sizes = tuple(network.sizes)
    if len(sizes) - 2 > MAX_LAYERS or any(n > MAX_NEURONS for n in sizes[1:-1]):
        raise StorageError(
            f"a run may have up to {MAX_LAYERS} hidden layers of up to {MAX_NEURONS} neurons, "
            f"this network is {shape(sizes)}"
        )
    fitting = [name for name in (like.dataset, *others) if fits(name, sizes)]
    if not fitting:
        raise StorageError(
            f"the network has {sizes[0]:,} inputs and {sizes[-1]:,} outputs; no data set here has that shape. "
            "Choose or bring one that has, then load the network again"
        )
    base = replace(like, dataset=fitting[0], hidden=sizes[1:-1], edits=(), init="zeros", **network.names)
    return replace(base, init=STARTS.register(network.weights, network.biases))


def fits(name: str, sizes: tuple[int, ...]) -> bool:
    """Whether a data set is here and has as many inputs and outputs as a network of these sizes."""
    try:
        data = datasets.get(name)
    except NnvizError:
        return False
    return (data.n_inputs, data.n_outputs) == (sizes[0], sizes[-1])


def shape(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))
