"""Runs side by side: one transport moves them all, and the page's link holds the whole comparison."""

import streamlit as st

from nnviz.datasets import uploads
from nnviz.errors import FieldError, NnvizError, NotHereError, shortened
from nnviz.figures import curves
from nnviz.model.update_rules import UPDATE_RULES
from nnviz.run.comparison import LETTERS, Comparison
from nnviz.run.comparison_presets import COMPARISONS, ComparisonPreset
from nnviz.run.experiment import FIELDS, Position
from nnviz.run.link import DEFAULT, comparison_from_params, comparison_to_params
from nnviz.run.trainer import StopCondition
from nnviz.run.trajectory import Trajectory
from nnviz.ui import arrival, few_controls, page, state
from nnviz.ui.safe_text import safe
from nnviz.ui.step import board
from nnviz.ui.train import training
from nnviz.ui.train.training import TICK

CUSTOM = "Your own comparison"


def comparison() -> Comparison:
    return st.session_state.comparison


def names() -> list[str]:
    """A, B, ... as they stand on the screen."""
    return [letter.upper() for letter in LETTERS[: len(comparison().runs)]]


def follow() -> None:
    """Take over the comparison that the link means, or the one of this session with the run it is at now."""
    opened = {
        key: text
        for key, text in st.query_params.to_dict().items()
        if not (key.endswith(".dataset") and state.is_of_others(text))
    }
    given = any(key[1:2] == "." or key == "runs" for key in opened)
    if given and opened != st.session_state.get("compared"):
        found, position, wrong = comparison_from_params(opened)
        shown = {str(error) for error in state.errors()}
        page.link_errors([error for error in wrong if str(error) not in shown])
        st.session_state.comparison = found
        state.jump(found.runs[0], position, consent=False, leader=found.leader)
    elif "comparison" not in st.session_state:
        first = state.experiment()
        st.session_state.comparison = COMPARISONS[0].comparison if first == DEFAULT else Comparison((first, first))
        place = COMPARISONS[0].opens_at if first == DEFAULT else state.position()
        state.jump(comparison().runs[0], place, leader=comparison().leader)
    elif comparison().runs[0] != state.experiment():  # the settings were changed, here or on another page
        st.session_state.comparison = comparison().with_first(state.experiment())
    arrival.settle(runs())
    state.move(comparison().within(state.position()), state.look())
    if not given or opened != st.session_state.get("compared"):
        write_link()


def runs() -> list[Trajectory]:
    return [state.store().get(run) for run in comparison().runs]


def write_link() -> None:
    """Make the address bar say what is compared, and where."""
    place = state.target() or state.position()
    params = comparison_to_params(comparison(), place) | state.look().to_params() | few_controls.link()
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)
    st.session_state.link = st.session_state.compared = params


def take(changed: Comparison) -> None:
    """Show another comparison, at the same place where it has it."""
    st.session_state.comparison = changed
    state.jump(changed.runs[0], changed.within(state.position()), leader=changed.leader)


def preset() -> ComparisonPreset | None:
    """The ready comparison that is on, if it is one."""
    return next((r for r in COMPARISONS if r.comparison == comparison()), None)


def choice() -> None:
    """The ready comparisons, and what to look at in the one that is on."""
    ready = preset()
    st.session_state.ready = ready.name if ready else CUSTOM
    options = [r.name for r in COMPARISONS] + ([] if ready else [CUSTOM])
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    left.selectbox("Comparison", options, key="ready", on_change=take_ready)
    if ready:
        right.markdown(ready.look)


def take_ready() -> None:
    ready = next((r for r in COMPARISONS if r.name == st.session_state.ready), None)
    if ready:
        st.session_state.comparison = ready.comparison
        state.jump(ready.comparison.runs[0], ready.opens_at, leader=ready.comparison.leader)


def differences() -> None:
    """Why the runs differ so, what they have different as a table, and the means to change it."""
    if ready := preset():
        st.markdown(ready.hint)
    found = comparison().differences
    head = "| | " + " | ".join(names()) + " |\n|---|" + "---|" * len(names()) + "\n"
    if found:
        rows = "\n".join(
            f"| {FIELDS[name].label} | " + " | ".join(cell(text) for text in texts) + " |"
            for name, texts in found.items()
        )
        st.markdown(head + rows)
    else:
        st.info("The runs are equal so far: choose below what B has different.")
    st.caption(f"All other settings are those of A: {comparison().runs[0].summary()}. The sidebar changes A.")
    with st.container(horizontal=True):
        for number, name in enumerate(names()[1:], 1):
            with st.popover(f"Change {name}", key=f"change_{name}"):
                change(number, name)
        if len(comparison().runs) < len(LETTERS):
            st.button("Add a run", key="run_add", on_click=lambda: take(comparison().with_another()))


def cell(text: str) -> str:
    """Text for a Markdown table, whatever a visitor has typed."""
    return safe(shortened(text, 60))


def change(number: int, name: str) -> None:
    """One field of one run."""
    fields = [name for name in FIELDS if name != "update" or len(UPDATE_RULES) > 1]
    field = st.selectbox(
        "What", fields, fields.index("eta"), format_func=lambda name: FIELDS[name].label, key=f"field_{name}"
    )
    rule, run = FIELDS[field], comparison().runs[number]
    key = f"value_{name}_{field}"
    st.session_state[key] = st.session_state.get(f"{key}_refused", rule.write(getattr(run, field)))
    st.text_input(f"In {name}", key=key, on_change=take_value, args=(number, field, key))
    if refused := st.session_state.get(f"{key}_why"):
        st.error(safe(refused))
    else:
        st.caption(f"Accepted: {rule.accepted()}.")
    if len(comparison().runs) > 2:
        st.button(f"Remove {name}", key=f"remove_{name}", on_click=lambda: take(comparison().without(number)))


def take_value(number: int, field: str, key: str) -> None:
    text = st.session_state[key]
    st.session_state.pop(f"{key}_refused", None)
    st.session_state.pop(f"{key}_why", None)
    try:
        if field == "dataset" and state.is_of_others(text.strip()):
            raise NotHereError(FIELDS[field].label, text, uploads.REMEDY)
        take(comparison().with_value(number, field, FIELDS[field].parse(field, text)))
    except NnvizError as error:
        why = str(error)
        if isinstance(error, FieldError) and error.field == field:
            why = error.named(FIELDS[field].label)
        st.session_state[f"{key}_refused"], st.session_state[f"{key}_why"] = text, why


def go(step: int) -> None:
    """All runs to one mini-batch."""
    last = comparison().steps - 1
    state.set_target(Position(min(max(step, 0), last), state.position().phase))
    arrival.settle(runs())


@st.fragment
def side_by_side() -> None:
    """All runs on one board."""
    if (clicked := st.session_state.pop("compared_step", None)) is not None:
        go(clicked)
    request = board.follow_comparison(comparison())
    board.show_comparison(request, comparison())
    if board.is_idle(request):
        write_link()


def train_all() -> None:
    for letter, run in zip(LETTERS, comparison().runs, strict=False):
        state.trainer().start(f"{training.name()}.{letter}", run, StopCondition(step=comparison().steps))


def stop_all() -> None:
    for letter in LETTERS:
        state.trainer().pause(f"{training.name()}.{letter}")


def busy() -> bool:
    return any(state.trainer().is_on(f"{training.name()}.{letter}") for letter in LETTERS)


def overlaid() -> None:
    """The curves of all runs on common axes; by themselves while the runs are computed."""
    if busy():
        growing()
    else:
        still()


@st.fragment(run_every=TICK)
def growing() -> None:
    now = busy()
    draw_curves(now)
    if not now:
        st.rerun()


@st.fragment
def still() -> None:
    if busy():
        st.rerun()
    draw_curves(False)


def draw_curves(now: bool) -> None:
    end = comparison().steps
    monitors = {n: state.trainer().monitor(run) for n, run in zip(names(), comparison().runs, strict=True)}
    with st.container(horizontal=True, vertical_alignment="center", key="compare_training"):
        if now:
            st.button("Stop", key="compare_stop", on_click=stop_all, icon=":material/stop:")
        else:
            st.button(
                "Train all", key="compare_train", on_click=train_all, icon=":material/play_arrow:", type="primary"
            )
        said = [f"{n}: {min(m.reached, end):,} of {end:,}" for n, m in monitors.items()]
        diverged = [
            f"{n} diverged at mini-batch {m.diverged + 1:,}" for n, m in monitors.items() if m.diverged is not None
        ]
        st.markdown(" · ".join(said + diverged))
    seen = {n: m.evaluations(end) for n, m in monitors.items()}
    held_out = all(len(run.data.held_out) for run in comparison().runs)
    left, right = st.columns(2, gap="large")
    with left:
        draw("compare_cost", curves.overlaid("Training cost", "cost", seen, end), now)
        if {"cost", "lmbda"} & set(comparison().differences):
            st.caption("The runs minimize different costs: compare the shapes of these curves, not their heights.")
    with right:
        title = "Held-out accuracy, %" if held_out else "Training accuracy, %"
        draw("compare_accuracy", curves.overlaid(title, "accuracy", seen, end), now)


def draw(key: str, chart: curves.Chart, growing: bool) -> None:
    st.vega_lite_chart(
        chart.table,
        chart.spec,
        key=key,
        on_select=lambda: clicked(key),
        selection_mode=[curves.SELECTION],
        alt=f"{chart.title}, growing" if growing else chart.alt,
    )
    if "compared_step" in st.session_state:
        st.rerun()


def clicked(key: str) -> None:
    points = st.session_state[key].selection.get(curves.SELECTION) or [{}]
    step = points[0].get("step")
    if isinstance(step, int | float) and 0 <= step <= comparison().steps:
        st.session_state.compared_step = int(step)
