import numpy as np
import pytest

from nnviz.errors import FieldError, NotHereError
from nnviz.model.network import Network
from nnviz.run import starting_weights
from nnviz.run.experiment import Experiment
from nnviz.run.link import from_params
from nnviz.run.starting_weights import STARTS, Starts
from nnviz.run.trajectory import Trajectory


def network(seed=0, sizes=(64, 30, 10)):
    return Network(sizes, seed=seed)


def registered(net):
    return STARTS.register(net.weights, net.biases)


class TestNames:
    def test_a_name_is_the_digest_of_the_parameters(self):
        assert registered(network()) == registered(network())
        assert registered(network(seed=1)) != registered(network())

    def test_the_shape_is_part_of_it(self):
        flat = [np.zeros((1, 6))], [np.zeros((1, 1))]
        deep = [np.zeros((2, 3))], [np.zeros((2, 1))]
        assert STARTS.register(*flat) != STARTS.register(*deep)

    @pytest.mark.parametrize(
        "name", ["large", "file-", "file-012345678", "file-0123456789ABCDEF", "own-0123456789abcdef"]
    )
    def test_other_names_are_none(self, name):
        assert starting_weights.get(name) is None


class TestKept:
    def test_the_kept_copy_does_not_change_with_the_original(self):
        net = network()
        name = registered(net)
        net.weights[0][0, 0] = 99
        assert starting_weights.get(name).weights[0][0, 0] != 99
        with pytest.raises(ValueError, match="read-only"):
            starting_weights.get(name).weights[0][0, 0] = 99

    def test_the_least_recently_used_go_first(self):
        kept = Starts(max_starts=2)
        names = [kept.register(n.weights, n.biases) for n in (network(1), network(2))]
        kept.get(names[0])
        third = kept.register(network(3).weights, network(3).biases)
        assert [name in kept for name in (*names, third)] == [True, False, True]

    def test_they_stay_within_their_bytes(self):
        size = starting_weights.Start(tuple(network().weights), tuple(network().biases)).nbytes
        kept = Starts(max_bytes=3 * size)
        for seed in range(10):
            kept.register(network(seed).weights, network(seed).biases)
        assert len(kept) == 3


class TestAsStart:
    def test_a_run_from_a_file_is_the_run_of_those_weights(self):
        """The initializer's own draws, brought in as a file, give the same run bit for bit."""
        drawn = Trajectory.of(Experiment(seed=5))
        loaded = Trajectory.of(Experiment(seed=5, init=registered(network(seed=5))))
        for a, b in zip(drawn.network_at(40).weights, loaded.network_at(40).weights, strict=True):
            assert np.array_equal(a, b)

    def test_its_shape_must_be_the_runs(self):
        with pytest.raises(
            FieldError, match="init must be a network with the run's sizes 64-20-10, got one with 64-30-10"
        ):
            Experiment(init=registered(network()), hidden=(20,))

    def test_a_link_with_a_network_that_is_not_kept_names_the_file(self):
        found, _, (error,) = from_params({"init": "file-0123456789abcdef"})
        assert found == Experiment()
        assert isinstance(error, NotHereError)
        assert "nnviz-0123456789abcdef.json" in str(error)

    def test_a_link_with_a_network_of_another_shape_keeps_the_rest(self):
        found, _, (error,) = from_params({"init": registered(network()), "hidden": "20", "eta": "0.5"})
        assert found == Experiment(hidden=(20,), eta=0.5)
        assert error.field == "init"
