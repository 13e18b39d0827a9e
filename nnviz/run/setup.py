"""What the names of an experiment stand for, looked up once for each run."""

from dataclasses import dataclass
from functools import cached_property

from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.model.network import Network
from nnviz.model.update_rules import Rates
from nnviz.run import starting_weights
from nnviz.run.edits import Edit
from nnviz.run.experiment import Experiment


@dataclass(frozen=True)
class Setup:
    """A run's data and its network before anything is learned; what edits change, and when."""

    experiment: Experiment
    data: Dataset
    network: Network  # with the starting parameters, before any edit

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """n_l for l = 1..L."""
        return tuple(self.network.sizes)

    @cached_property
    def steps(self) -> int:
        """How many mini-batches the whole run has."""
        return self.experiment.steps

    @cached_property
    def batches_per_epoch(self) -> int:
        return self.experiment.batches_per_epoch

    @cached_property
    def _by_step(self) -> dict[int, tuple[Edit, ...]]:
        edits = self.experiment.edits
        return {step: tuple(e for e in edits if e.step == step) for step in {e.step for e in edits}}

    def edits_at(self, step: int) -> tuple[Edit, ...]:
        """The edits that take effect right before mini-batch `step`."""
        return self._by_step.get(step, ())

    def rates_at(self, step: int) -> Rates:
        """What the update of mini-batch `step` uses."""
        e = self.experiment
        rates = {"eta": e.eta, "lmbda": e.lmbda}
        rates |= {edit.kind: float(edit.value) for edit in e.edits if edit.kind in rates and edit.step <= step}
        return Rates(**rates, n=self.data.n_train, learn_biases=e.biases == "learned")

    def activated(self, network: Network, step: int) -> Network:
        """The network with the activations that its neurons have at mini-batch `step`."""
        for edit in self.experiment.edits:
            if edit.kind == "act" and edit.step <= step:
                layer, j = edit.indices
                network = network.with_neuron(layer, j, str(edit.value))
        return network

    def start(self) -> Network:
        """The network before the first mini-batch, with what is edited there."""
        network = self.activated(self.network.with_state(self.network.state), 0)
        self.edit_parameters(network, 0)
        return network

    def learn(self, network: Network, step: int, rows: Array) -> None:
        """Take the network from before mini-batch `step`, which holds these rows of the data, to before the next."""
        network.gradient_step(self.data.x(rows), self.data.y(rows), self.rates_at(step))
        if edits := self.edits_at(step + 1):
            self.edit_parameters(network, step + 1)
            for edit in edits:
                if edit.kind == "act":
                    layer, j = edit.indices
                    network.activations = network.with_neuron(layer, j, str(edit.value)).activations

    def edit_parameters(self, network: Network, step: int) -> None:
        """Set the weights and biases that are changed by hand right before mini-batch `step`."""
        for edit in self.edits_at(step):
            if edit.kind in ("w", "b"):
                layer, j, k = (*edit.indices, 0)[:3]
                parameters = network.weights if edit.kind == "w" else network.biases
                parameters[layer - 2] = parameters[layer - 2].copy()
                parameters[layer - 2][j, k] = edit.value


def resolve(experiment: Experiment) -> Setup:
    """Look the data and the starting parameters up. Raises NotHereError if they are no longer here."""
    start = starting_weights.get(experiment.init)
    network = Network(
        experiment.sizes,
        activation=experiment.activation,
        output=experiment.output,
        cost=experiment.cost,
        init="zeros" if start else experiment.init,
        update=experiment.update,
        seed=experiment.seed,
    )
    if start:
        network = network.with_parameters(start.weights, start.biases)
    return Setup(experiment, experiment.data, network)
