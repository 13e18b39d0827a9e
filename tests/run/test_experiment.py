from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.errors import FieldError, NnvizError
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS
from nnviz.model.initializers import INITIALIZERS
from nnviz.run.experiment import FIELDS, Experiment, Position
from nnviz.run.link import from_params, to_params

PAIRS = [
    (output, cost.name)
    for cost in COSTS.values()
    for output, activation in ACTIVATIONS.items()
    if cost.rule_for(activation)
]
LONG = "x" * 10_000


@st.composite
def experiments(draw):
    output, cost = draw(st.sampled_from(PAIRS))
    return Experiment(
        dataset=draw(st.sampled_from(["digits", "xor"])),
        hidden=tuple(draw(st.lists(st.integers(1, 400), max_size=5))),
        activation=draw(st.sampled_from(list(hidden_activations()))),
        output=output,
        cost=cost,
        init=draw(st.sampled_from(list(INITIALIZERS))),
        eta=draw(st.floats(1e-6, 100.0)),
        batch=draw(st.integers(1, 256)),
        lmbda=draw(st.floats(0.0, 1000.0)),
        seed=draw(st.integers(0, 2**32 - 1)),
        biases=draw(st.sampled_from(["learned", "frozen"])),
    )


@st.composite
def places(draw):
    experiment = draw(experiments())
    step, phase = st.integers(0, experiment.steps - 1), st.integers(0, experiment.phases - 1)
    return experiment, Position(draw(step), draw(phase))


class TestLinks:
    @given(places())
    @settings(derandomize=True, max_examples=300, deadline=None)
    def test_a_link_restores_experiment_and_position(self, place):
        experiment, position = place
        assert from_params(to_params(experiment, position)) == (experiment, position, [])

    @given(places())
    @settings(derandomize=True, max_examples=50, deadline=None)
    def test_a_link_names_only_what_differs_from_the_defaults(self, place):
        experiment, position = place
        default = Experiment()
        params = to_params(experiment, position)
        for name in FIELDS:
            assert (name in params) == (getattr(experiment, name) != getattr(default, name))
        assert ("step" in params, "phase" in params) == (position.step != 0, position.phase != 0)
        assert all(isinstance(text, str) for text in params.values())

    @given(st.dictionaries(st.sampled_from([*FIELDS, "step", "phase", "unknown"]), st.text(max_size=40)))
    @settings(derandomize=True, max_examples=300, deadline=None)
    def test_no_link_whatever_breaks_the_page(self, params):
        experiment, position, errors = from_params(params)
        assert position == position.within(experiment)
        assert all(isinstance(error, NnvizError) and len(str(error)) < 1000 for error in errors)

    @given(places(), st.sampled_from(list(FIELDS)), st.text(max_size=30))
    @settings(derandomize=True, max_examples=200, deadline=None)
    def test_one_broken_field_leaves_the_others_as_they_are(self, place, name, text):
        experiment, _ = place
        params = to_params(experiment, Position()) | {name: text}
        found, _, errors = from_params(params)
        if errors and name not in ("dataset", "output", "cost"):  # those decide what else is possible
            assert found == replace(experiment, **{name: getattr(Experiment(), name)})

    def test_the_default_is_an_empty_link(self):
        assert to_params(Experiment(), Position()) == {}
        assert from_params({}) == (Experiment(), Position(), [])

    def test_a_link_of_the_issue_means_what_it_says(self):
        found = from_params({"hidden": "30,20", "seed": "7", "step": "12", "phase": "3"})
        assert found == (Experiment(hidden=(30, 20), seed=7), Position(12, 3), [])

    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            ("30", (30,)),
            ("30,20", (30, 20)),
            (" 30 , 20 ", (30, 20)),
            ("none", ()),
            ("30 20", (30, 20)),
            ("30; 20", (30, 20)),
            ("1,2,3,4,5", (1, 2, 3, 4, 5)),
        ],
    )
    def test_hidden_layers_read_as_people_write_them(self, text, hidden):
        experiment, _, errors = from_params({"hidden": text})
        assert (experiment.hidden, errors) == (hidden, [])

    def test_a_decimal_comma_is_a_decimal_point_and_the_link_has_one_spelling(self):
        experiment, _, errors = from_params({"eta": "0,5", "lmbda": "0.1"})
        assert (experiment.eta, experiment.lmbda, errors) == (0.5, 0.1, [])
        assert to_params(experiment, Position())["eta"] == "0.5"

    def test_an_output_alone_brings_the_cost_that_goes_with_it(self):
        experiment, _, errors = from_params({"output": "softmax"})
        assert (experiment.output, experiment.cost, errors) == ("softmax", "log-likelihood", [])

    def test_a_cost_that_does_not_go_with_the_output_is_named(self):
        experiment, _, (error,) = from_params({"output": "softmax", "cost": "quadratic"})
        assert experiment.cost == "log-likelihood"
        assert str(error) == "cost must be one that goes with the output: log-likelihood, got quadratic"


HOSTILE = [
    ("hidden", "1,2,3,4,5,6"),
    ("hidden", "0"),
    ("hidden", "401"),
    ("hidden", "-3"),
    ("hidden", "30,,20"),
    ("hidden", ""),
    ("hidden", "3.5"),
    ("hidden", "１"),
    ("hidden", "٣٠"),
    ("hidden", "9" * 5000),
    ("hidden", ",".join(["9"] * 5000)),
    ("hidden", LONG),
    ("eta", "nan"),
    ("eta", "inf"),
    ("eta", "-inf"),
    ("eta", "-3"),
    ("eta", "0"),
    ("eta", "101"),
    ("eta", "1e-7"),
    ("eta", "1e400"),
    ("eta", "0,5,1"),
    ("eta", "1.000,5"),
    ("eta", "1_0"),
    ("eta", "３"),
    ("eta", ""),
    ("eta", LONG),
    ("lmbda", "-1"),
    ("lmbda", "1001"),
    ("lmbda", "nan"),
    ("batch", "0"),
    ("batch", "257"),
    ("batch", "9999999999999999999"),
    ("batch", "9" * 5000),
    ("batch", "10.0"),
    ("batch", "1_0"),
    ("batch", "１０"),
    ("batch", "1\x00"),
    ("seed", "1e9"),
    ("seed", "-1"),
    ("seed", "4294967296"),
    ("seed", "²"),
    ("seed", "0x10"),
    ("activation", "softmax"),
    ("activation", "Sigmoid"),
    ("activation", "sigmoid "),
    ("activation", "sıgmoid"),
    ("output", "__class__"),
    ("cost", "cross entropy"),
    ("init", "<script>alert(1)</script>"),
    ("init", ""),
    ("dataset", "../../etc/passwd"),
    ("dataset", LONG),
    ("biases", "no"),
    ("step", "4500"),
    ("step", "-1"),
    ("step", "1e3"),
    ("step", "９"),
    ("step", "9" * 5000),
    ("phase", "7"),
    ("phase", "two"),
    ("phase", "1.0"),
]


class TestBadValues:
    @pytest.mark.parametrize(("field", "text"), HOSTILE, ids=lambda text: ascii(text)[:25])
    def test_the_message_names_field_value_and_what_is_accepted_and_the_default_is_used(self, field, text):
        experiment, position, (error,) = from_params({field: text})
        assert (experiment, position) == (Experiment(), Position())
        message = str(error)
        assert message.startswith(f"{field} must be ")
        assert isinstance(error, FieldError)
        assert error.accepted in message
        shown = " ".join(text.split()) or "nothing"
        assert shown[:59] in message.rsplit(", got ", 1)[1]
        assert len(message) < 500
        assert "\n" not in message

    def test_messages_say_the_limits(self):
        said = [str(from_params({field: "?"})[2][0]) for field in ("eta", "batch", "hidden", "seed", "step", "phase")]
        assert said == [
            "eta must be a number from 1e-06 to 100, got ?",
            "batch must be a whole number from 1 to 256, got ?",
            "hidden must be up to 5 layer sizes from 1 to 400, as in 30,20, or none, got ?",
            "seed must be a whole number from 0 to 4,294,967,295, got ?",
            "step must be a whole number from 0 to 4,499, got ?",
            "phase must be a whole number from 0 to 6, got ?",
        ]

    def test_each_bad_field_has_its_message_and_the_good_ones_count(self):
        experiment, _, errors = from_params({"eta": "x", "batch": "0", "seed": "5", "cost": "cubic"})
        assert experiment == Experiment(seed=5)
        assert sorted(error.field for error in errors) == ["batch", "cost", "eta"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("eta", 10**400),
            ("eta", "3"),
            ("eta", None),
            ("eta", float("nan")),
            ("hidden", [30]),
            ("hidden", (30.0,)),
            ("hidden", 30),
            ("batch", 10.0),
            ("cost", ["quadratic"]),
            ("cost", None),
            ("dataset", None),
            ("seed", None),
        ],
        ids=str,
    )
    def test_values_of_another_type_are_refused_like_bad_ones(self, field, value):
        with pytest.raises(FieldError, match=f"^{field} must be "):
            Experiment(**{field: value})

    def test_a_pair_that_makes_no_sense_is_refused_with_the_pairs_that_do(self):
        with pytest.raises(NnvizError, match="log-likelihood with softmax"):
            Experiment(output="softmax", cost="quadratic")


class TestExperiment:
    def test_every_field_has_a_rule_and_every_rule_a_field(self):
        assert [field.name for field in fields(Experiment)] == list(FIELDS)

    def test_equal_experiments_are_one_key(self):
        assert len({Experiment(hidden=(30, 20)), Experiment(hidden=(30, 20)), Experiment(seed=1)}) == 2

    def test_it_cannot_be_changed(self):
        with pytest.raises(FrozenInstanceError):
            Experiment().eta = 1.0

    def test_the_default_run_is_the_books_first_network_on_the_digits(self):
        default = Experiment()
        assert default.sizes == (64, 30, 10)
        assert default.phases == 7
        assert default.batches_per_epoch == 150
        assert default.steps == 4500

    @pytest.mark.parametrize(("batch", "batches"), [(1, 1500), (7, 215), (256, 6)])
    def test_the_last_mini_batch_of_an_epoch_holds_what_is_left(self, batch, batches):
        experiment = Experiment(batch=batch)
        assert experiment.batches_per_epoch == batches
        assert experiment.steps == 30 * batches

    def test_without_hidden_layers_the_input_meets_the_output(self):
        assert Experiment(hidden=()).sizes == (64, 10)
        assert Experiment(hidden=()).phases == 5


class TestPosition:
    RUN = Experiment()

    def test_a_position_outside_goes_to_the_nearest_inside(self):
        assert Position(99_999, 99).within(self.RUN) == Position(4499, 6)
        assert Position(-5, -5).within(self.RUN) == Position(0, 0)
