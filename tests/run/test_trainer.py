import threading

import pytest

from nnviz.run.experiment import Experiment
from nnviz.run.monitor import Monitor
from nnviz.run.store import TrajectoryStore
from nnviz.run.trainer import ACTIVE, StopCondition, Trainer
from nnviz.run.trajectory import Trajectory
from nnviz.run.worker import FORGOTTEN, WATCHED

E = Experiment(hidden=(8,), cost="cross-entropy", init="scaled", eta=0.5)
LONG = 60  # seconds a wait may take on a busy machine


@pytest.fixture
def trainer():
    return Trainer(TrajectoryStore())


class TestStopCondition:
    def test_without_conditions_training_ends_with_the_run(self):
        assert StopCondition().max_step(E) == 4500

    @pytest.mark.parametrize(
        ("until", "step"), [(StopCondition(epochs=2), 300), (StopCondition(epochs=2, step=77), 77)]
    )
    def test_epochs_and_step_end_it_at_whichever_comes_first(self, until, step):
        assert until.max_step(E) == step

    def test_accuracy_ends_it_at_the_first_epoch_that_reaches_it(self, trainer):
        until = StopCondition(accuracy=90.0)
        trainer.start("me", E, until)
        assert trainer.wait(LONG)
        step, why = until.stop_step(trainer.monitor(E))
        seen = trainer.monitor(E).evaluations(4500)
        assert next(e.step for e in seen if e.held_out_accuracy >= 0.9) == step
        assert "accuracy" in why
        assert trainer.monitor(E).reached < 4500

    def test_cost_ends_it_too(self, trainer):
        trainer.start("me", E, StopCondition(cost=1.0))
        assert trainer.wait(LONG)
        step, why = StopCondition(cost=1.0).stop_step(trainer.monitor(E))
        assert step % 150 == 0
        assert "cost" in why

    def test_divergence_ends_it(self, trainer):
        wild = Experiment(activation="linear", output="linear", eta=50.0)
        trainer.start("me", wild, StopCondition())
        assert trainer.wait(LONG)
        step, why = StopCondition().stop_step(trainer.monitor(wild))
        assert step == trainer.monitor(wild).diverged + 1
        assert "diverged" in why


class TestTrainer:
    def test_it_sees_what_a_monitor_sees_that_goes_along_the_run_alone(self, trainer):
        trainer.start("me", E, StopCondition(epochs=2))
        assert trainer.wait(LONG)
        alone = Monitor(E)
        for _ in alone.advance(Trajectory.of(E), 300):
            pass
        assert trainer.monitor(E).samples(300) == alone.samples(300)
        assert trainer.monitor(E).evaluations(300) == alone.evaluations(300)

    def test_a_paused_run_goes_on_where_it_was(self, trainer):
        trainer.start("me", E, StopCondition(step=100))
        assert trainer.wait(LONG)
        trainer.start("me", E, StopCondition(epochs=1))
        assert trainer.wait(LONG)
        assert trainer.monitor(E).reached == 150

    def test_pausing_leaves_nothing_to_compute(self, trainer):
        trainer.start("me", Experiment(hidden=(300, 300)), StopCondition())
        trainer.pause("me")
        assert trainer.wait(LONG)
        assert trainer.monitor(Experiment(hidden=(300, 300))).reached < 4500

    def test_all_runs_get_done_even_more_than_take_turns(self, trainer):
        runs = [Experiment(hidden=(4,), seed=seed) for seed in range(ACTIVE + 2)]
        for number, run in enumerate(runs):
            trainer.start(f"session {number}", run, StopCondition(epochs=1))
        assert trainer.wait(LONG)
        assert all(trainer.monitor(run).reached == 150 for run in runs)

    def test_the_runs_that_have_to_wait_know_it(self):
        gate = threading.Event()
        trainer = Trainer(Gated(gate))
        for number in range(ACTIVE + 2):
            trainer.start(f"session {number}", Experiment(hidden=(4,), seed=number), StopCondition(epochs=1))
        waiting = [trainer.waiting(f"session {number}") for number in range(ACTIVE + 2)]
        gate.set()
        assert waiting == [0] * ACTIVE + [1, 2]
        assert trainer.wait(LONG)

    def test_a_run_that_somebody_looks_at_goes_before_those_of_sessions_that_left(self):
        now, gate = [0.0], threading.Event()
        trainer = Trainer(Gated(gate), clock=lambda: now[0])
        for number in range(ACTIVE):
            trainer.start(f"gone {number}", Experiment(hidden=(4,), seed=number), StopCondition(epochs=1))
        trainer.start("here", Experiment(hidden=(4,), seed=9), StopCondition(epochs=1))
        assert trainer.waiting("here") == 1
        now[0] = WATCHED + 1
        trainer.is_on("here")
        assert trainer.waiting("here") == 0
        gate.set()
        assert trainer.wait(LONG)

    def test_a_run_that_nobody_asks_about_is_left_alone(self):
        now = [0.0]
        gate = threading.Event()
        trainer = Trainer(Gated(gate), clock=lambda: now[0])
        trainer.start("me", Experiment(hidden=(300, 300)), StopCondition())
        now[0] = FORGOTTEN + 1
        gate.set()
        assert trainer.wait(LONG)
        assert not trainer.is_on("me")

    def test_a_failure_is_told_to_the_one_who_asked_and_the_others_go_on(self):
        class Broken(TrajectoryStore):
            def get(self, experiment):
                if experiment.seed == 1:
                    raise MemoryError("no room")
                return super().get(experiment)

        trainer = Trainer(Broken())
        trainer.start("unlucky", Experiment(hidden=(4,), seed=1), StopCondition(epochs=1))
        trainer.start("lucky", Experiment(hidden=(4,), seed=2), StopCondition(epochs=1))
        assert trainer.wait(LONG)
        assert "no room" in trainer.failure("unlucky")
        assert trainer.failure("lucky") == ""
        assert trainer.monitor(Experiment(hidden=(4,), seed=2)).reached == 150


class Gated(TrajectoryStore):
    """A store that gives nothing before its gate is open."""

    def __init__(self, gate):
        super().__init__()
        self.gate = gate

    def get(self, experiment):
        assert self.gate.wait(LONG)
        return super().get(experiment)
