"""How well the network does over the run: what is known of it, and computing the rest in the background.

A board that rests asks for the curve, and waits for nothing. It is computed where that takes a few seconds, once for
all who look at this run; a longer run shows as much as was trained on the Train page.
"""

import math

import streamlit as st

from nnviz.board.message import Curve
from nnviz.run.evaluation import Evaluation
from nnviz.run.monitor import Monitor
from nnviz.run.trainer import StopCondition
from nnviz.ui import state

AFFORDABLE = 10.0  # seconds of computing for a curve
FORGOTTEN = 3.0  # seconds without a board that asks, after which it is not computed any further


def curve() -> Curve:
    """What is known of the curve by now."""
    experiment = state.experiment()
    monitor = state.trainer().monitor(experiment)
    grows = not monitor.finished and ensure_computed(monitor)
    points = [(evaluation.step, value(evaluation)) for evaluation in monitor.evaluations(experiment.steps)]
    return Curve(text(), is_share(), tuple(point for point in points if math.isfinite(point[1])), grows)


def ensure_computed(monitor: Monitor) -> bool:
    """Whether more of the curve is to come: it is being computed, or begins now, if it does not take long."""
    trainer, run = state.trainer(), state.run()
    key = f"{state.session_id()}.curve"
    began = st.session_state.get("curve_of") == run.experiment
    if began and trainer.is_on(key):
        return True
    if run.divergence or (began and trainer.failure(key)):
        return False
    if run.step_seconds is None:
        return True  # its pace is known soon
    if (run.experiment.steps - monitor.reached) * run.step_seconds > AFFORDABLE:
        return False
    st.session_state.curve_of = run.experiment
    trainer.start(key, run.experiment, StopCondition(), FORGOTTEN)
    return True


def is_share() -> bool:
    """Whether the network's answers are right or wrong; if not, its cost is shown."""
    return state.experiment().data.targets is None


def text() -> str:
    """What a value of the curve says."""
    part = "held-out" if len(state.experiment().data.held_out) else "training"
    return f"{{}} of the {part} examples right" if is_share() else f"cost {{}} over the {part} examples"


def value(evaluation: Evaluation) -> float:
    return evaluation.tested_accuracy if is_share() else evaluation.tested_cost
