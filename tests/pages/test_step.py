"""The Step page without a browser: what it says, and what the board is given."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.board.message import VERSION
from nnviz.lesson import phase_text
from nnviz.run.experiment import Position
from nnviz.run.link import comparison_from_params, to_params
from nnviz.run.moment import Moment
from nnviz.run.presets import PRESETS
from nnviz.run.trajectory import Trajectory
from nnviz.ui.arrival import replayer
from tests.board.test_message import decode
from tests.pages.conftest import ran, read

FIRST = "Epoch 1 of 30 · mini-batch 1 of 150 · phase 1 of 7: input"


def where(at: AppTest) -> str:
    """Where the board is told to be, in words."""
    experiment, position = at.session_state["experiment"], at.session_state["position"]
    sent = decode(message(at))[0]["position"]
    assert (sent["step"], sent["phase"]) == (position.step, position.phase)
    return phase_text.where(experiment, position.step, position.phase)


def message(at: AppTest) -> bytes:
    """What the board was given."""
    return next(c.proto.bytes for c in at.get("bidi_component") if c.proto.component_name == "nnviz_board")


def board_says(at: AppTest, **says: object) -> AppTest:
    """Run the page as after a message of the board."""
    now = decode(message(at))[0]
    said = {
        "seq": now["seq"] + 1,
        "jump": now["jump"],
        "want": [],
        "isNew": False,
        "playing": False,
        "version": VERSION,
    }
    at.session_state["board"] = {"board": {**said, **says}}
    return ran(at.run())


def test_the_page_opens_on_the_first_mini_batch(open_page: Callable) -> None:
    at = open_page("app.py")
    assert where(at) == FIRST
    header, frames = decode(message(at))
    assert [frame["step"] for frame in header["frames"]] == [0, 1]
    assert frames[0]["a.1"].shape == (64, 10)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_renders_in_every_phase(open_page: Callable, preset: object) -> None:
    for phase in range(preset.experiment.phases):
        at = open_page("app.py", **to_params(preset.experiment, Position(3, phase)))
        assert f"phase {phase + 1} of {preset.experiment.phases}" in where(at)
        assert not at.warning and not at.error


def test_choosing_a_preset_starts_it_from_its_first_mini_batch(open_page: Callable) -> None:
    at = open_page("app.py", step="7", phase="3")
    ran(at.selectbox(key="preset").select("XOR by hand").run())
    assert "mini-batch 1 of 1" in where(at)
    assert at.query_params["dataset"] in ("xor", ["xor"])


def test_a_link_lands_exactly_there(open_page: Callable) -> None:
    at = open_page("app.py", hidden="30,20", seed="7", step="12", phase="3")
    assert where(at) == "Epoch 1 of 30 · mini-batch 13 of 150 · phase 4 of 9: feedforward, layer 4"
    assert decode(message(at))[0]["position"] == {"step": 12, "phase": 3, "example": 0}


def test_a_step_of_the_board_changes_the_words_and_brings_what_it_wants(open_page: Callable) -> None:
    at = board_says(open_page("app.py"), step=0, phase=3)
    assert "phase 4 of 7: output error" in where(at)
    header, _ = decode(message(at))
    assert header["seq"] == 1 and header["frames"] == [] and header["network"] is None
    at = board_says(at, step=1, phase=3, want=[2])
    assert "mini-batch 2 of 150" in where(at)
    assert [frame["step"] for frame in decode(message(at))[0]["frames"]] == [2]


def test_a_board_that_has_just_been_made_is_told_where_it_is(open_page: Callable) -> None:
    at = board_says(open_page("app.py", step="12", phase="3", scale="shared"), step=0, phase=0, isNew=True)
    header, frames = decode(message(at))
    assert header["view"]["choices"]["scale"] == "shared"
    assert header["position"] == {"step": 12, "phase": 3, "example": 0}
    assert header["network"]["sizes"] == [64, 30, 10]
    assert len(frames) == 3


@pytest.mark.parametrize(
    ("link", "follows"),
    [({}, False), ({"cell": "w.2.3.7"}, True), ({"edits": "0:w.2.3.7=1.5"}, True), ({"dataset": "moons"}, True)],
)
def test_the_board_says_every_move_only_where_something_else_shows_the_mini_batch(
    open_page: Callable, link: dict[str, str], follows: bool
) -> None:
    assert decode(message(open_page("app.py", **link)))[0]["follows"] is follows


def test_the_address_bar_waits_until_the_board_is_at_rest(open_page: Callable) -> None:
    at = board_says(open_page("app.py"), step=1, phase=0, rests=False)
    assert "step" not in at.query_params
    at = board_says(at, step=2, phase=0, rests=True)
    assert at.query_params["step"] in ("2", ["2"])


def test_an_answered_message_is_not_answered_again(open_page: Callable) -> None:
    at = board_says(open_page("app.py"), step=1, phase=0, want=[2])
    ran(at.run())
    assert decode(message(at))[0]["frames"] == []


def test_a_phase_step_takes_less_than_8_kb_of_board_data(open_page: Callable) -> None:
    at = board_says(open_page("app.py"), step=0, phase=1)
    assert len(message(at)) < 4096


def test_a_message_from_before_a_jump_does_not_move_the_page_back(open_page: Callable) -> None:
    at = open_page("app.py", step="5")
    before = decode(message(at))[0]["jump"]
    at = ran(at.text_input(key="set_seed").set_value("3").run())
    board_says(at, step=9, phase=0, jump=before)
    assert "mini-batch 6 of 150" in where(at)


def test_hostile_messages_leave_the_page_where_it_is(open_page: Callable) -> None:
    at = open_page("app.py", step="5")
    for bad in ("x", {"board": 3}, {"board": {"step": -1}}, {"board": {"seq": 1, "jump": 1, "step": "a", "phase": 0}}):
        at.session_state["board"] = bad if isinstance(bad, dict) else {"board": bad}
        ran(at.run())
        assert "mini-batch 6 of 150" in where(at)


def test_a_broken_link_says_what_is_wrong_and_shows_the_rest(open_page: Callable) -> None:
    at = open_page("app.py", eta="-3", step="2")
    assert "eta must be a number from 1e-06 to 100, got -3" in read(at.warning[0].value)
    assert "mini-batch 3 of 150" in where(at)


def test_a_refused_setting_stays_in_its_box_and_the_run_goes_on(open_page: Callable) -> None:
    at = open_page("app.py", step="2")
    ran(at.text_input(key="set_hidden").set_value("30,9999").run())
    assert at.text_input(key="set_hidden").value == "30,9999"
    assert "Hidden layers must be up to 5 layer sizes from 1 to 400" in read(at.error[0].value)
    assert "mini-batch 3 of 150" in where(at)
    ran(at.text_input(key="set_hidden").set_value("20").run())
    assert not at.error
    assert decode(message(at))[0]["network"]["sizes"] == [64, 20, 10]


def test_a_new_output_brings_a_cost_that_goes_with_it(open_page: Callable) -> None:
    at = open_page("app.py")
    ran(at.selectbox(key="set_output").select("softmax").run())
    assert at.selectbox(key="set_cost").options == ["log-likelihood"]
    assert at.query_params["cost"] in ("log-likelihood", ["log-likelihood"])


def test_a_pinned_cell_is_explained_and_one_can_walk_on(open_page: Callable) -> None:
    at = open_page("app.py", cell="z.2.3.1", phase="1")
    assert any("z², neuron 4 of layer 2, example 2" in m.value for m in at.markdown)
    first = at.button(key="from_0").label
    ran(at.button(key="from_0").click().run())
    cell = json.dumps(decode(message(at))[0]["cell"])
    assert first.startswith(("w²", "a¹")) and cell.startswith(('"w.2.3.', '"a.1.'))
    ran(at.button(key="release").click().run())
    assert decode(message(at))[0]["cell"] is None


def test_a_pinned_cell_survives_stepping(open_page: Callable) -> None:
    at = open_page("app.py", cell="w.2.3.7")
    board_says(at, step=4, phase=0, cell="w.2.3.7")
    assert at.query_params["cell"] in ("w.2.3.7", ["w.2.3.7"])
    assert any("w², from neuron 8" in m.value for m in at.markdown)


@pytest.mark.parametrize("cell", ["<img src=x onerror=alert(1)>", "w.2.9999.0", "z.2.3.11", "__class__.2.0.0"])
def test_a_hostile_cell_gives_the_message(open_page: Callable, cell: str) -> None:
    at = open_page("app.py", cell=cell)
    assert "cell must be" in read(at.warning[0].value)
    assert where(at) == FIRST


def test_an_edit_in_a_link_is_listed_with_its_difference_and_can_be_removed(open_page: Callable) -> None:
    at = open_page("app.py", edits="0:w.2.3.7=1.5", step="1")
    assert any("What if: weight from neuron 8 to neuron 4" in m.value for m in at.markdown)
    assert any("With / without the edits" in c.value for c in at.caption)
    ran(at.button(key="edit_remove_0").click().run())
    assert "edits" not in at.query_params


def test_a_run_that_diverged_says_so(open_page: Callable) -> None:
    at = open_page("app.py", activation="linear", output="linear", eta="100", step="300")
    assert "The run diverged" in read(at.error[0].value)
    assert "Try η = 10" in read(at.error[0].value)


def test_a_slow_run_is_reached_once_and_stays_there(open_page: Callable) -> None:
    at = open_page("app.py", hidden="400,400,400,400,400", batch="1", step="5")
    assert replayer().wait(timeout=60)
    assert ran(at.run()).session_state.position == Position(5)
    jump = at.session_state.jump
    for _ in range(5):
        assert ran(at.run()).session_state.position == Position(5)
    assert at.session_state.jump == jump


def test_the_pinned_number_has_its_paths_on_the_board(open_page: Callable) -> None:
    at = open_page("app.py", cell="z.3.4.0", step="12", phase="2")
    paths = decode(message(at))[0]["paths"]
    moment = trace_of(at, 12)
    terms = {f"a.2.{k}.0": abs(moment.network.weights[1][4, k] * moment.trace.activations[1][k, 0]) for k in range(30)}
    strongest = sorted(terms, key=terms.get, reverse=True)
    assert paths["cell"] == "z.3.4.0"
    assert [cell for cell in paths["madeOf"] if cell in terms] == strongest[: sum(c in terms for c in paths["madeOf"])]
    assert "b.3.4" in paths["madeOf"]
    assert set(paths["goesInto"]) == {"a.3.4.0", "sp.3.4.0"}
    assert decode(message(open_page("app.py")))[0]["paths"] is None


def trace_of(at: AppTest, step: int) -> Moment:
    return Trajectory.of(at.session_state["experiment"]).moment_at(step)


def test_a_change_can_be_switched_off_and_on_where_one_is(open_page: Callable) -> None:
    at = open_page("app.py", edits="0:w.2.3.7=1.5", step="2", phase="3")
    with_change = at.session_state["experiment"]
    ran(at.button(key="edits_flip").click().run())
    assert at.session_state["experiment"] == replace(with_change, edits=())
    assert where(at) == phase_text.where(with_change, 2, 3)
    assert at.button(key="edits_flip").label == "Show with the change"
    ran(at.button(key="edits_flip").click().run())
    assert at.session_state["experiment"] == with_change
    query = next(link.proto.query_string for link in at.get("page_link") if link.proto.label.startswith("Both"))
    found, position, wrong = comparison_from_params(dict(parse_qsl(query)))
    assert not wrong
    assert found.runs == (replace(with_change, edits=()), with_change)
    assert position == Position(2, 3)
