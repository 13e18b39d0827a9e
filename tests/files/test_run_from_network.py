import numpy as np
import pytest

from nnviz.errors import StorageError
from nnviz.files.run_from_network import experiment_from
from nnviz.model.network import Network
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import from_params, to_params
from nnviz.run.trajectory import Trajectory


def test_the_run_starts_from_the_networks_numbers():
    network = Network([64, 20, 10], activation="tanh", output="softmax", cost="log-likelihood", seed=4)
    e = experiment_from(network, Experiment(eta=0.25))
    assert (e.hidden, e.activation, e.output, e.cost, e.eta) == ((20,), "tanh", "softmax", "log-likelihood", 0.25)
    for loaded, original in zip(Trajectory.of(e).network_at(0).weights, network.weights, strict=True):
        assert np.array_equal(loaded, original)


def test_a_link_brings_the_start_back_while_it_is_kept():
    e = experiment_from(Network([64, 20, 10]), Experiment())
    assert from_params(to_params(e, Position(3, 1))) == (e, Position(3, 1), [])


def test_data_of_another_shape_make_way_for_ones_that_fit():
    assert experiment_from(Network([2, 5, 3]), Experiment(), ["xor", "moons", "moons-c3"]).dataset == "moons-c3"


def test_edits_of_the_old_network_are_left_out():
    edited, _, _ = from_params({"edits": "3:w.2.0.0=1"})
    assert edited.edits
    assert experiment_from(Network([64, 20, 10]), edited).edits == ()


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((7, 3, 2), "the network has 7 inputs and 2 outputs; no data set here has that shape"),
        ((64, 401, 10), "up to 5 hidden layers of up to 400 neurons, this network is 64-401-10"),
        ((64, 2, 2, 2, 2, 2, 2, 10), "up to 5 hidden layers"),
    ],
)
def test_a_network_that_no_run_can_start_from_is_refused(sizes, reason):
    with pytest.raises(StorageError, match=reason):
        experiment_from(Network(sizes), Experiment(), ["xor", "mnist"])
