import pytest

from nnviz.run.phases import FEEDFORWARD, GRADIENTS, UPDATE, Phase, error_phase, phase_number, phases

DEPTHS = range(2, 8)


def test_three_layers_have_these_seven_phases():
    assert [phase.title for phase in phases(3)] == [
        "input",
        "feedforward, layer 2",
        "feedforward, layer 3",
        "output error",
        "backpropagate, layer 2",
        "gradients",
        "update",
    ]


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_network_of_L_layers_has_2L_plus_1_phases(depth):
    assert len(phases(depth)) == 2 * depth + 1


@pytest.mark.parametrize("depth", DEPTHS)
def test_errors_travel_from_the_last_layer_to_layer_2(depth):
    going_back = [p.layer for p in phases(depth) if p.kind in ("output error", "backpropagate")]
    assert going_back == list(range(depth, 1, -1))


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_numbers_of_phases_point_at_the_phases_they_name(depth):
    listed = phases(depth)
    for layer in range(2, depth + 1):
        assert listed[phase_number(depth, (FEEDFORWARD,), layer)] == Phase("feedforward", layer)
        kind = "output error" if layer == depth else "backpropagate"
        assert listed[error_phase(layer, depth)] == Phase(kind, layer)
    assert listed[phase_number(depth, (GRADIENTS,), 2)].kind == "gradients"
    assert listed[phase_number(depth, (UPDATE,), 2)].kind == "update"


def test_a_layer_that_no_such_phase_works_on_is_refused():
    with pytest.raises(ValueError, match="no phase"):
        phase_number(3, (FEEDFORWARD,), 1)
