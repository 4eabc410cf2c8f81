"""`--range`, `--choose` and `search:`: what may be searched, and where a mistake in it is."""

import pytest

from rnnbuild.config.places import Source
from rnnbuild.config.ranges import Range, parsed_range
from rnnbuild.config.settings import Setting, setting_from_program
from rnnbuild.config.space import (
    Dimension,
    Space,
    config_of_trial,
    in_order,
    refuse_other_tokens,
    space_of,
)
from rnnbuild.config.variants import Axis, parsed_axis
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError
from tests.config.messages import cases
from tests.config.test_keys import CONFIG

RATE = "training.optimizer.learning_rate"


def read(text: str = CONFIG) -> Tree:
    return read_tree(Source("config.yaml", text))


def dimension(argument: str) -> Dimension:
    """A range where there are two dots, else a choice."""
    return parsed_range(argument) if ".." in argument else parsed_axis(argument, "--choose")


def searched(*arguments: str) -> Space:
    return space_of(read(), [dimension(argument) for argument in arguments])


def problems(*arguments: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        searched(*arguments)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def facts(one: Dimension) -> tuple[object, ...]:
    if isinstance(one, Axis):
        return one.key, *(setting.value for setting in one.settings)
    return one.key, one.low.value, one.high.value, one.log, one.step, one.whole


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("units=16..256:log", ("units", 16, 256, True, None, True)),
        ("units=16..64:step=16", ("units", 16, 64, False, 16, True)),
        (f"{RATE}=1e-4..1e-2:log", (RATE, 1e-4, 1e-2, True, None, False)),
        ("dropout=0..0.5:step=0.1", ("dropout", 0, 0.5, False, 0.1, False)),
        # Ends that look whole do not make a key that takes any number take whole ones.
        ("training.clip_norm=1..10", ("training.clip_norm", 1, 10, False, None, False)),
        ("depth=1..4", ("depth", 1, 4, False, None, True)),
        ("cell=gru,lstm", ("cell", "gru", "lstm")),
        ("model.head.hidden=[8],[16, 8]", ("model.head.hidden", [8], [16, 8])),
    ],
)
def test_a_dimension_is_read_and_its_key_says_whether_it_is_whole(
    argument: str, expected: tuple[object, ...]
) -> None:
    assert facts(searched(argument).dimensions[0]) == expected


@pytest.mark.parametrize(("argument", "message"), cases("range"))
def test_a_wrong_range_is_shown_on_the_command_line(argument: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        searched_range(argument)
    assert str(caught.value) == message


def searched_range(argument: str) -> Space:
    return space_of(read(), [parsed_range(argument)])


def test_a_wrong_choice_is_shown_on_the_command_line() -> None:
    assert problems("cell=gru,gro") == [
        "command line: `cell` must be one of `simple_rnn`, `gru`, `lstm`, found `gro`"
    ]
    assert problems("cell=gru,gru") == ["command line: `gru` is an alternative of `cell` twice"]
    # True is 1 in Python, and not in a config.
    assert len(problems("use_bias=true,1")) == 1
    with pytest.raises(ConfigError, match="write `--choose units=32,64`"):
        dimension("cell=")


def test_a_key_is_searched_once() -> None:
    assert problems("units=1..3", "units=4,8") == ["command line: `units` is searched twice"]


def test_an_argument_of_one_optimizer_may_be_searched_beside_the_optimizers() -> None:
    momentum = "training.optimizer.momentum=0..0.9"
    assert len(searched("training.optimizer=adam,sgd", momentum).dimensions) == 2
    assert "unknown key `momentum`" in problems("training.optimizer=adam,nadam", momentum)[0]


def test_the_config_itself_must_be_valid() -> None:
    text = CONFIG.replace("units: 4", "units: 0")
    with pytest.raises(ConfigError, match="`units` must be at least 1, found `0`"):
        space_of(read(text), [dimension("cell=gru,lstm")])


def test_nothing_to_search_is_an_error() -> None:
    with pytest.raises(ConfigError, match="there is nothing to search"):
        searched()
    with pytest.raises(ConfigError, match="there is nothing to search"):
        space_of(read(f"{CONFIG}search: {{}}\n"))


def test_the_section_of_a_config_is_the_space_unless_the_command_line_has_one() -> None:
    section = "search:\n  units: {low: 16, high: 256, log: true, step: null}\n  cell: [gru, lstm]\n"
    tree = read(CONFIG + section)
    found = [facts(one) for one in space_of(tree).dimensions]
    assert found == [("units", 16, 256, True, None, True), ("cell", "gru", "lstm")]
    (zero,) = space_of(read(f"{CONFIG}search: {{dropout: {{low: 0, high: 0.5}}}}\n")).dimensions
    assert facts(zero) == ("dropout", 0, 0.5, False, None, False)
    (only,) = space_of(tree, [dimension("depth=1..2")]).dimensions
    assert only.key == "depth"
    assert "search" not in space_of(tree).base.value


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("[1]", "7:9: `search` must be a mapping of keys to values, found a list of 1"),
        (
            "{units: 5}",
            "7:17: `units` must be a list of alternatives, or a range such as "
            "`{low: 16, high: 256}`, found `5`",
        ),
        ("{units: []}", "7:17: `units` must have at least one entry, found an empty list"),
        ("{units: {lo: 5, high: 7}}", "7:18: unknown key `lo` in `search.units`"),
        ("{units: {low: 5}}", "7:17: `high` is missing in `search.units`"),
        ("{units: {low: 5, high: x}}", '7:32: `high` must be a number, found `"x"`'),
        ("{units: {low: 5, high: 9, log: 1}}", "7:40: `log` must be `true` or `false`, found `1`"),
        ("{units: {low: 8, high: 4}}", "7:23: the range of `units` is empty: 8 is not less than 4"),
        ("{units: {low: 4, high: 9, step: 2}}", "7:41: steps of 2 from 4 do not reach 9"),
        ("{unit: {low: 4, high: 9}}", "7:10: there is no key `unit`"),
        ("{cell: [gru, gro]}", "7:22: `cell` must be one of `simple_rnn`, `gru`, `lstm`, "),
        ("{name: [a, b]}", "7:10: `name` cannot be searched: it changes no score"),
    ],
)
def test_problems_of_a_section_are_where_they_are_written(section: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        space_of(read(f"{CONFIG}search: {section}\n"))
    (problem,) = caught.value.problems
    assert f"{problem.place}: {problem.message}".startswith(f"config.yaml:{message}")


@pytest.mark.parametrize("key", ["data.level", "data.lowercase", "data.vocabulary.size"])
def test_no_search_chooses_what_the_tokens_of_a_language_model_are(key: str) -> None:
    values = {"data.level": "word,byte", "data.lowercase": "true,false"}.get(key, "5,40")
    dimensions = [dimension(f"{key}={values}"), dimension("units=4..8")]
    space = space_of(read(f"{CONFIG}data: {{train: text.txt}}\n"), dimensions)
    refuse_other_tokens(space, "classify")
    with pytest.raises(ConfigError) as caught:
        refuse_other_tokens(space, "language-model")
    (problem,) = caught.value.problems
    assert problem.message == (
        f"`{key}` cannot be searched: nats of different tokens cannot be compared"
    )


def settings(**values: object) -> list[Setting]:
    return [setting_from_program(key, value) for key, value in values.items()]


def test_settings_are_applied_so_that_each_has_its_effect() -> None:
    dotted = [
        setting_from_program(RATE, 0.1),
        setting_from_program("cell", "lstm"),
        setting_from_program("training.optimizer", "sgd"),
        setting_from_program("units", 3),
        setting_from_program("depth", 3),
    ]
    keys = [setting.key for setting in in_order(dotted)]
    assert keys == ["depth", "units", "training.optimizer", RATE, "cell"]
    config, notes = config_of_trial(searched("depth=1..3").base, dotted)
    assert [layer.units for layer in config.model.layers if hasattr(layer, "units")] == [3, 3, 3]
    assert (config.training.optimizer.name, config.training.optimizer.learning_rate) == ("sgd", 0.1)
    assert notes == ()


def test_a_key_that_the_chosen_cell_lacks_is_dropped_with_a_note() -> None:
    space = searched("cell=gru,lstm", "reset_after=true,false")
    config, notes = config_of_trial(space.base, settings(cell="lstm", reset_after=False))
    assert {layer.cell for layer in config.model.layers if hasattr(layer, "cell")} == {"lstm"}
    assert len(notes) == 2
    assert "was dropped: `cell: lstm` has no such key" in notes[0]


def test_values_that_contradict_each_other_are_a_config_error() -> None:
    space = searched("training.optimizer=adam,sgd", "training.optimizer.momentum=0..0.9")
    chosen = [
        setting_from_program("training.optimizer", "adam"),
        setting_from_program("training.optimizer.momentum", 0.5),
    ]
    with pytest.raises(ConfigError, match="unknown key `momentum`"):
        config_of_trial(space.base, chosen)


def test_a_range_knows_the_places_of_its_ends() -> None:
    one = dimension("units=16..256")
    assert isinstance(one, Range)
    spots = [setting.value_places.of(()) for setting in one.ends]
    assert [(place.column, place.length) for place in spots if place] == [(15, 2), (19, 3)]
