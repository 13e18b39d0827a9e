"""One panel enlarged: a Plotly heatmap, the same numbers as a table and as a CSV file."""

import pandas as pd
import streamlit as st

from nnviz.errors import FieldError
from nnviz.figures.heatmap import Axes, heatmap
from nnviz.lesson.cells import values
from nnviz.lesson.quantity import QUANTITIES, Quantity
from nnviz.run.experiment import Experiment
from nnviz.ui import page, state


def panel(text: object, experiment: Experiment) -> tuple[Quantity, int]:
    """The quantity and layer that `w.2` names; it comes from a browser."""
    names = [f"{q.name}.{layer}" for q in QUANTITIES.values() for layer in q.layers(len(experiment.sizes))]
    if text not in names:
        raise FieldError("panel", text, f"one of {', '.join(names)}")
    name, layer = str(text).split(".")
    return QUANTITIES[name], int(layer)


def axes_of(quantity: Quantity, layer: int) -> Axes:
    rows = f"neuron of layer {layer}"
    columns = {"inputs": f"neuron of layer {layer - 1}", "none": "column", "examples": "example"}
    return Axes(rows, columns[quantity.columns])


def column_names(quantity: Quantity, symbol: str, columns: int) -> list[str]:
    """What stands over the columns of the table."""
    if quantity.columns == "none":
        return [symbol]
    kind = "from neuron" if quantity.columns == "inputs" else "example"
    return [f"{kind} {column}" for column in range(1, columns + 1)]


def dialog(text: str) -> None:
    """The panel as it is at the session's position, enlarged."""
    quantity, layer = panel(text, state.experiment())
    st.dialog(f"{quantity.with_layer(layer)}: {quantity.title} of layer {layer}", width="large")(show)(quantity, layer)


def show(quantity: Quantity, layer: int) -> None:
    position, moment = state.position(), state.moment(state.position().step)
    example = state.example_of(moment)
    array = values(moment, quantity.name, layer, example if quantity.columns != "examples" else None)
    axes, symbol = axes_of(quantity, layer), quantity.with_layer(layer)
    rows, columns = array.shape
    st.markdown(f"{rows} × {columns}, mini-batch {position.step + 1:,}")
    st.plotly_chart(
        heatmap(array, symbol, axes, page.theme()),
        key="panel_figure",
        alt=f"Heatmap of {quantity.title} of layer {layer}, {rows} rows and {columns} columns",
    )
    table = pd.DataFrame(
        array,
        index=pd.RangeIndex(1, rows + 1, name=axes.rows),
        columns=column_names(quantity, symbol, columns),
    )
    st.download_button(
        "Download as CSV",
        table.to_csv(float_format=lambda number: repr(float(number))),
        file_name=f"nnviz-{quantity.name}-layer-{layer}-mini-batch-{position.step + 1}.csv",
        mime="text/csv",
        key="panel_csv",
        on_click="ignore",
    )
    st.dataframe(table, alt=f"The numbers of {symbol}")
