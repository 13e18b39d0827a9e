import hashlib
import math
import random
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from nnviz import Network
from nnviz.errors import FieldError
from nnviz.lesson.quantity import QUANTITIES
from nnviz.model.equations import epoch_order
from nnviz.model.update_rules import Rates
from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.store import TrajectoryStore
from nnviz.run.trajectory import RECENT, Trajectory

ROOT = Path(__file__).parents[2]
RUN = Experiment(hidden=(8,), lmbda=2.0)  # 64-8-10 on the digits: 4,500 mini-batches
NETWORK_BYTES = 8 * (8 * 64 + 8 + 10 * 8 + 10)
SMALL = 300_000  # so few bytes that checkpoints are 100 mini-batches apart


def by_hand(experiment):
    """The network before mini-batch 0, 1, 2, ... of a run, trained from the start without a Trajectory."""
    e, data = experiment, experiment.data
    network = Network(e.sizes, activation=e.activation, output=e.output, cost=e.cost, init=e.init, seed=e.seed)
    for step in range(e.steps + 1):
        yield network.with_parameters(network.weights, network.biases)
        epoch, batch = divmod(step, e.batches_per_epoch)
        rows = epoch_order(e.seed, epoch, data.n_train)[batch * e.batch : (batch + 1) * e.batch]
        with np.errstate(all="ignore"):
            network.gradient_step(data.x(rows), data.y(rows), Rates(e.eta, e.lmbda, data.n_train))


def networks_at(experiment, steps):
    return {step: n for step, n in zip(range(max(steps) + 1), by_hand(experiment), strict=False) if step in steps}


def arrays_of(moment):
    """Everything that is shown of a mini-batch."""
    depth = moment.network.num_layers
    shown = [q.get(moment, layer) for q in QUANTITIES.values() for layer in q.layers(depth)]
    return [*shown, moment.rows, moment.trace.x, moment.trace.y]


def digest(moment):
    fingerprint = hashlib.sha256()
    for array in arrays_of(moment):
        fingerprint.update(repr((array.shape, array.dtype.str)).encode())
        fingerprint.update(np.ascontiguousarray(array).tobytes())
    return fingerprint.hexdigest()


def assert_identical(network, other):
    for mine, theirs in zip((*network.weights, *network.biases), (*other.weights, *other.biases), strict=True):
        assert np.array_equal(mine, theirs)
        assert np.array_equal(np.signbit(mine), np.signbit(theirs))


def scattered(steps, count, seed=0):
    """Steps from all over a run, both ends and the seams between epochs among them."""
    some = random.Random(seed).sample(range(steps), count)
    return sorted({0, 1, 149, 150, 151, 300, steps - 1, *some})


ROUTES = {
    "forwards": lambda steps: steps,
    "backwards": lambda steps: steps[::-1],
    "jumping": lambda steps: random.Random(1).sample(steps, len(steps)),
    "to the end and back by single steps": lambda steps: [
        steps[-1],
        *range(steps[-1], steps[-1] - 40, -1),
        *steps,
    ],
}


STEPS = scattered(RUN.steps, 25)


@pytest.fixture(scope="module")
def known():
    return networks_at(RUN, STEPS)


class TestAnyRouteGivesTheSameBits:
    @pytest.mark.parametrize("max_bytes", [1, 100_000, SMALL, 64_000_000])
    @pytest.mark.parametrize("route", ROUTES)
    def test_in_one_process(self, route, max_bytes, known):
        run = Trajectory.of(RUN, max_bytes)
        for step in ROUTES[route](STEPS):
            network = run.network_at(step)
            if step in known:
                assert_identical(network, known[step])

    @pytest.mark.parametrize("route", ROUTES)
    def test_for_all_that_a_mini_batch_shows(self, route):
        seen = Trajectory.of(RUN)
        expected = {step: digest(seen.moment_at(step)) for step in STEPS}
        run = Trajectory.of(RUN, SMALL)
        for step in ROUTES[route](STEPS):
            found = digest(run.moment_at(step))
            assert found == expected.setdefault(step, found)
            assert found == digest(run.moment_at(step))

    def test_in_a_fresh_process(self):
        steps = [4000, 3, 1234]
        program = (
            "from nnviz.run.trajectory import Trajectory\n"
            "from tests.run.test_trajectory import RUN, digest\n"
            f"run = Trajectory.of(RUN, {SMALL})\n"
            f"print(*[digest(run.moment_at(step)) for step in {steps}])"
        )
        fresh = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
        )
        run = Trajectory.of(RUN)
        assert fresh.stdout.split() == [digest(run.moment_at(step)) for step in steps]

    def test_computed_ahead_in_slices(self, known):
        run = Trajectory.of(RUN, SMALL)
        reached = list(run.advance(1000))
        assert reached == sorted(set(reached))
        assert reached[-1] == run.reached == 1000
        assert list(run.advance(500)) == []
        for step in (s for s in STEPS if s <= 1000):
            assert_identical(run.network_at(step), known[step])

    def test_after_the_last_mini_batch(self):
        assert_identical(Trajectory.of(RUN, SMALL).network_at(RUN.steps), networks_at(RUN, [RUN.steps])[RUN.steps])

    @pytest.mark.parametrize("hidden", [(), (7,), (6, 5, 4)], ids=str)
    @pytest.mark.parametrize("batch", [1, 7, 256])
    def test_for_other_shapes_and_mini_batches(self, hidden, batch):
        experiment = Experiment(hidden=hidden, batch=batch, activation="tanh", init="scaled", eta=0.5)
        steps = scattered(400 if batch == 1 else min(experiment.steps, 400), 15) if batch != 256 else [0, 5, 6, 20]
        known = networks_at(experiment, steps)
        run = Trajectory.of(experiment, 4 * Trajectory.of(experiment).network_at(0).weights[0].nbytes)
        for step in random.Random(2).sample(steps, len(steps)):
            assert_identical(run.network_at(step), known[step])


class TestAMoment:
    @pytest.mark.parametrize("lmbda", [0.0, 5.0])
    def test_the_changes_shown_lead_to_the_next_network_bit_for_bit(self, lmbda):
        run = Trajectory.of(Experiment(hidden=(8, 7), lmbda=lmbda))
        for step in (0, 1, 149, 150, 700):
            moment, after = run.moment_at(step), run.network_at(step + 1)
            for w, dw, w_after in zip(moment.network.weights, moment.change_w, after.weights, strict=True):
                assert np.array_equal(w + dw, w_after)
            for b, db, b_after in zip(moment.network.biases, moment.change_b, after.biases, strict=True):
                assert np.array_equal(b + db, b_after)

    def test_the_changes_are_what_the_equations_say(self):
        moment = Trajectory.of(RUN).moment_at(10)
        assert moment.rates.decay == 3.0 * 2.0 / 1500
        for w, nabla, dw in zip(moment.network.weights, moment.trace.nabla_w, moment.change_w, strict=True):
            assert dw == pytest.approx(-3.0 * nabla - moment.rates.decay * w, rel=1e-10, abs=1e-15)
        for nabla, db in zip(moment.trace.nabla_b, moment.change_b, strict=True):
            assert db == pytest.approx(-3.0 * nabla, rel=1e-10, abs=1e-15)

    def test_frozen_biases_do_not_change(self):
        run = Trajectory.of(Experiment(hidden=(8,), biases="frozen"))
        moment = run.moment_at(5)
        assert all(not db.any() and not np.signbit(db).any() for db in moment.change_b)
        for b, b_after in zip(run.network_at(0).biases, run.network_at(6).biases, strict=True):
            assert np.array_equal(b, b_after)

    def test_its_rows_are_the_mini_batch_of_the_shuffled_epoch(self):
        run = Trajectory.of(RUN)
        order = epoch_order(RUN.seed, 2, 1500)
        moment = run.moment_at(2 * 150 + 7)
        assert np.array_equal(moment.rows, order[70:80])
        assert np.array_equal(moment.trace.x, RUN.data.x(order[70:80]))
        assert np.array_equal(moment.trace.y, RUN.data.y(order[70:80]))

    def test_an_epoch_shows_every_training_example_once(self):
        run = Trajectory.of(Experiment(hidden=(8,), batch=7))
        seen = np.concatenate([run.rows(step) for step in range(215, 430)])
        assert sorted(seen) == list(range(1500))

    def test_predictions_are_the_largest_outputs(self):
        moment = Trajectory.of(RUN).moment_at(300)
        assert list(moment.predictions) == [int(np.argmax(a)) for a in moment.trace.activations[-1].T]

    def test_no_array_of_it_can_be_written_to(self):
        run = Trajectory.of(RUN)
        moment, network = run.moment_at(3), run.network_at(3)
        for array in (*arrays_of(moment), *network.weights, *network.biases, run.rows(3)):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0

    @pytest.mark.parametrize("step", [-1, RUN.steps + 1, 10**9])
    def test_a_step_outside_the_run_is_refused(self, step):
        with pytest.raises(FieldError, match="step must be a whole number from 0 to 4,500"):
            Trajectory.of(RUN).network_at(step)


class TestThreads:
    def test_threads_on_one_run_never_see_a_half_made_state(self):
        steps = scattered(1500, 30)
        whole = Trajectory.of(RUN)
        expected = {step: digest(whole.moment_at(step)) for step in steps}
        run = Trajectory.of(RUN, SMALL)
        together, wrong = threading.Barrier(5), []

        def visit(seed):
            together.wait()
            for step in random.Random(seed).sample(steps, len(steps)):
                if digest(run.moment_at(step)) != expected[step]:
                    wrong.append(step)

        def go_ahead():
            together.wait()
            for reached in run.advance(1500):
                if not np.isfinite(run.network_at(reached).weights[0]).all():
                    wrong.append(reached)

        threads = [threading.Thread(target=visit, args=(seed,)) for seed in range(4)]
        threads.append(threading.Thread(target=go_ahead))
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
        finally:
            sys.setswitchinterval(interval)
        assert not any(thread.is_alive() for thread in threads)
        assert wrong == []

    def test_everybody_who_asks_at_once_gets_the_same_run(self):
        store, together, runs = TrajectoryStore(), threading.Barrier(8), []

        def ask():
            together.wait()
            runs.append(store.get(Experiment(hidden=(8,), lmbda=2.0)))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(runs) == 8
        assert len({id(run) for run in runs}) == len(store) == 1


class TestMemory:
    @pytest.mark.parametrize("max_bytes", [1_000_000, 4_000_000])
    def test_a_long_run_stays_within_its_bytes(self, max_bytes):
        experiment = Experiment(hidden=(30,))
        orders = 2 * 8 * experiment.data.n_train
        experiment.data.x([0])  # the data are loaded before anything is measured
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            run = Trajectory.of(experiment, max_bytes)
            for step in [*range(0, 3000, 9), *random.Random(0).sample(range(3000), 60), *range(2000, 1970, -1)]:
                run.moment_at(step).change_w  # noqa: B018 - made when it is first asked for
                assert run.nbytes <= max_bytes + orders
            held = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        assert held <= run.nbytes + 200_000  # and some for the objects around the arrays
        assert run.nbytes > 0.5 * max_bytes

    def test_the_mini_batches_seen_last_are_kept_whole(self):
        run = Trajectory.of(RUN)
        moments = [run.moment_at(step) for step in range(RECENT)]
        assert all(run.moment_at(step) is moment for step, moment in enumerate(moments))
        run.moment_at(RECENT)
        assert run.moment_at(0) is not moments[0]

    def test_the_largest_network_can_be_stepped_through(self):
        run = Trajectory.of(Experiment(hidden=(400,) * 5, batch=256), 30_000_000)
        moment = run.moment_at(2)
        assert np.array_equal(run.network_at(3).weights[0], moment.network.weights[0] + moment.change_w[0])


class TestPlaces:
    """Visitors at places of their own step on from where they are, not from the last checkpoint."""

    @pytest.mark.parametrize("visitors", [1, 20, 100])
    def test_a_step_of_each_of_many_visitors_replays_one_mini_batch(self, visitors: int, monkeypatch):
        run = Trajectory.of(Experiment(hidden=(8,)), max_bytes=1_500_000)
        at = [40 * i + 1 for i in range(visitors)]
        for viewer, step in enumerate(at):
            assert run.approach(step, math.inf, str(viewer))
        replayed = []
        learn = run._learn
        monkeypatch.setattr(run, "_learn", lambda network, step: (replayed.append(step), learn(network, step)))
        for i in range(1, 6):
            for viewer, step in enumerate(at):
                assert run.approach(step + i, math.inf, str(viewer))
        assert len(replayed) <= 5 * visitors
        assert run.nbytes <= 1_500_000 + 24_000  # and the order of two epochs

    def test_training_leaves_the_visitors_where_they_are(self, monkeypatch):
        run = Trajectory.of(Experiment(hidden=(8,)), max_bytes=1_500_000)
        run.approach(41, math.inf, "visitor")
        for _ in run.advance(4500):
            pass
        replayed = []
        learn = run._learn
        monkeypatch.setattr(run, "_learn", lambda network, step: (replayed.append(step), learn(network, step)))
        run.moment_at(42)
        assert replayed == [41]


class TestDivergence:
    GROWING = Experiment(hidden=(8,), activation="relu", output="linear", init="he", eta=20.0)
    CASES = {
        "relu and linear": (GROWING, "relu"),
        "linear output": (Experiment(hidden=(8,), output="linear", eta=20.0), "linear"),
        "linear all through": (Experiment(hidden=(8,), activation="linear", output="linear", eta=0.1), "linear"),
        "L2": (Experiment(hidden=(8,), eta=100.0, lmbda=1000.0), "ηλ/n"),
    }

    def first_broken(self, experiment):
        """The first mini-batch whose update leaves something that is not finite, looked for one by one."""
        for step, network in enumerate(by_hand(experiment)):
            if not all(np.isfinite(p).all() for p in (*network.weights, *network.biases)):
                return step - 1
        raise AssertionError("this run does not diverge")

    @pytest.mark.parametrize("max_bytes", [1, SMALL, 64_000_000])
    @pytest.mark.parametrize("case", CASES)
    def test_the_step_it_happens_at_is_found_by_any_route(self, case, max_bytes):
        experiment, cause = self.CASES[case]
        step = self.first_broken(experiment)
        jumped, advanced, walked = (Trajectory.of(experiment, max_bytes) for _ in range(3))
        jumped.network_at(experiment.steps)
        for _ in advanced.advance(step + 300):
            pass
        for at in range(step + 2):
            walked.moment_at(at)
        for run in (jumped, advanced, walked):
            assert run.divergence.step == step
            assert cause in run.divergence.cause
            assert "Try" in run.divergence.cause

    def test_nothing_is_reported_before_it_happens(self):
        step = self.first_broken(self.GROWING)
        run = Trajectory.of(self.GROWING)
        run.network_at(step)
        assert run.divergence is None
        assert all(np.isfinite(w).all() for w in run.network_at(step).weights)
        run.network_at(step + 1)
        assert run.divergence.step == step

    def test_a_diverged_run_can_still_be_stepped_through(self):
        run = Trajectory.of(self.GROWING)
        step = self.first_broken(self.GROWING)
        assert not np.isfinite(run.moment_at(step + 5).trace.activations[-1]).all()
        assert run.moment_at(step + 5).change_w[0].shape == (8, 64)
        assert evaluate(run.network_at(4500), run.setup.data, 4500, 0.0).accuracy < 0.2
        assert np.isfinite(run.moment_at(0).trace.cost).all()

    def test_a_run_that_learns_does_not_diverge(self):
        run = Trajectory.of(RUN)
        run.network_at(RUN.steps)
        assert run.divergence is None


class TestTheStore:
    def test_equal_experiments_share_a_run(self):
        store = TrajectoryStore()
        assert store.get(Experiment(hidden=(8,))) is store.get(Experiment(hidden=(8,)))
        assert store.get(Experiment(hidden=(8,))) is not store.get(Experiment(hidden=(9,)))
        assert len(store) == 2

    def test_it_keeps_within_its_bytes_and_lets_the_least_recently_used_go(self):
        runs = [Experiment(hidden=(8,), seed=seed) for seed in range(6)]
        store = TrajectoryStore(max_bytes=1_000_000)
        first = [store.get(run) for run in runs[:3]]
        for run in first:
            while run.nbytes < 400_000:
                run.network_at(run.reached + 10)  # any two of them fit, three do not
        assert store.get(runs[0]) is first[0]  # of the three, number 1 was used longest ago and goes
        assert sum(run.nbytes for run in (first[0], first[2])) <= store.max_bytes < sum(r.nbytes for r in first)
        assert len(store) == 2
        assert store.get(runs[2]) is first[2]
        assert store.get(runs[0]) is first[0]
        assert store.get(runs[1]) is not first[1]

    def test_a_run_larger_than_the_store_is_kept_while_it_is_used(self):
        store = TrajectoryStore(max_bytes=1)
        run = store.get(RUN)
        run.network_at(500)
        assert store.get(RUN) is run
        assert len(store) == 1
        store.get(Experiment(hidden=(9,)))
        assert len(store) == 1
