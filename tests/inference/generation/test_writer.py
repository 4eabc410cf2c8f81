"""A language model that writes, against the same model in Keras and against what it has read."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.tokens import BYTES, RunningTokens
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.inference.generation.opening import step_model
from rnnbuild.inference.generation.settings import text_settings
from rnnbuild.inference.generation.writer import TextWriter
from rnnbuild.inference.saved_model import saved_model
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.models.graph.model import step_graph
from rnnbuild.runs.directory import open_run as open_folder
from rnnbuild.tasks.facts import DataFacts
from tests.models.graph.compared import TOLERANCE, in_keras, with_weights
from tests.models.graph.test_sequences import CELLS, recurrent

LETTERS = "abcdef\n"
STACKS: dict[str, list[dict[str, Any]]] = {
    **{str(cell): [recurrent(cell)] for cell in CELLS},
    "stack": [recurrent("gru"), {"kind": "layer_normalization"}, recurrent("lstm")],
    "mixed": [
        recurrent("simple_rnn"),
        {"kind": "batch_normalization"},
        {"kind": "dropout", "rate": 0.3},
        {"kind": "dense", "units": 4, "activation": "relu"},
        recurrent("gru"),
    ],
}


def writer_of(
    folder: Path, layers: list[dict[str, Any]], words: tuple[str, ...], level: Level
) -> tuple[Any, TextWriter]:
    """A Keras model with random weights, and the same as a writer."""
    codec = RunningTextCodec(RunningTokens(level), Vocabulary(words), 8)
    values = {"model": {"embedding": {"output_dim": 4}, "layers": layers}}
    facts = DataFacts("language-model", vocabulary_size=codec.vocabulary.size)
    model, stored = with_weights(resolve(config_of(values), facts), folder)
    return model, TextWriter(codec, StepModel(step_graph(stored), 1))


class Watched(StepModel):
    """Remembers what goes in and what comes out."""

    def __init__(self, model: StepModel) -> None:
        self.__dict__ |= model.__dict__
        self.read: list[int] = []
        self.given: list[np.ndarray] = []

    def outputs(self, inputs: Any, layers: Any) -> Any:
        outputs, after = super().outputs(inputs, layers)
        self.read += inputs.tolist()
        self.given.append(outputs[0])
        return outputs, after


@pytest.mark.parametrize("stack", STACKS)
def test_each_token_is_drawn_from_keras_probabilities_of_all_before_it(
    stack: str, tmp_path: Path
) -> None:
    model, writer = writer_of(tmp_path, STACKS[stack], tuple(LETTERS), "character")
    watched = Watched(writer.model)
    settings = text_settings(seed=1, length=12)
    text = "".join(TextWriter(writer.codec, watched).pieces("fade\ncab", settings))
    assert text.startswith("fade\ncab")
    assert len(text) == 20
    # The last token is written and not read.
    assert writer.codec.text_of(watched.read) == text[:-1]
    expected = in_keras(model, np.array([watched.read], np.int32))[0]
    np.testing.assert_allclose(np.array(watched.given), expected, **TOLERANCE)
    # Drawn again, from Keras' probabilities: the sum of those of known tokens, in their order.
    numbers = np.random.Generator(np.random.PCG64(1)).random(12)
    known = expected[7:, 1:].astype(float).cumsum(axis=1)
    drawn = [np.flatnonzero(sums > n * sums[-1])[0] for sums, n in zip(known, numbers, strict=True)]
    assert "".join(LETTERS[place] for place in drawn) == text[8:]


def test_at_a_temperature_of_0_the_likeliest_known_token_comes_each_time(tmp_path: Path) -> None:
    model, writer = writer_of(tmp_path, STACKS["stack"], tuple(LETTERS), "character")
    text = "".join(writer.pieces("ab", text_settings(temperature=0, length=9)))
    for place in range(2, 11):
        ids = writer.codec.ids(text[:place])
        known = in_keras(model, ids[None])[0, -1, 1:]
        assert LETTERS[known.argmax()] == text[place]


def test_the_same_seed_writes_the_same_text_and_a_shorter_one_is_its_beginning(
    language_run: Path,
) -> None:
    run = rnnbuild.open_run(language_run)
    text = run.generate("The ", seed=5, length=80)
    assert run.generate("The ", seed=5, length=80) == text
    assert text == rnnbuild.open_run(language_run).generate("The ", seed=5, length=80)
    assert text.startswith(run.generate("The ", seed=5, length=30))
    assert run.generate("The ", seed=6, length=80) != text
    assert run.generate("The ", length=80) != run.generate("The ", length=80)
    assert (len(text), len(run.generate(length=7))) == (84, 7)


def test_without_a_prompt_a_text_begins_as_after_a_line_end(tmp_path: Path) -> None:
    _, writer = writer_of(tmp_path, STACKS["stack"], tuple(LETTERS), "character")
    settings = text_settings(seed=2, length=20)
    assert "\n" + "".join(writer.pieces("", settings)) == "".join(writer.pieces("\n", settings))
    _, writer = writer_of(tmp_path, STACKS["stack"], tuple("ebc"), "character")
    # "e" is the most common one.
    assert "e" + "".join(writer.pieces("", settings)) == "".join(writer.pieces("e", settings))


def test_the_unknown_token_is_never_written_however_likely(tmp_path: Path) -> None:
    _, writer = writer_of(tmp_path, STACKS["stack"], tuple(LETTERS), "character")

    class Unsure(Watched):
        def outputs(self, inputs: Any, layers: Any) -> Any:
            outputs, after = super().outputs(inputs, layers)
            outputs = outputs * np.float32(0.001)
            outputs[0, 0] = 0.999
            return outputs, after

    text = "".join(
        TextWriter(writer.codec, Unsure(writer.model)).pieces("a", text_settings(length=40))
    )
    assert set(text) <= set(LETTERS)


def test_a_model_that_knows_nothing_that_could_follow_is_an_error(tmp_path: Path) -> None:
    _, writer = writer_of(tmp_path, STACKS["stack"], tuple(LETTERS), "character")

    class Sure(Watched):
        first: float

        def outputs(self, inputs: Any, layers: Any) -> Any:
            outputs, after = super().outputs(inputs, layers)
            return np.eye(1, outputs.shape[1], dtype=np.float32) * self.first, after

    model = Sure(writer.model)
    for model.first, message in ((1.0, "the probability 0"), (np.nan, "not finite")):
        with pytest.raises(RunError, match=message):
            "".join(TextWriter(writer.codec, model).pieces("a", text_settings()))


def test_words_are_separated_as_they_are_written(tmp_path: Path) -> None:
    words = ("the", "plot", ",", ".", "it's", "\n")
    _, writer = writer_of(tmp_path, STACKS["stack"], words, "word")
    pieces = list(writer.pieces("the  plot ,", text_settings(seed=3, length=60)))
    text = "".join(pieces)
    assert pieces[:3] == ["the", " plot", ","]
    # But for two of the same sign, which would be one token without the blank.
    assert not re.search(r" [,.\n]|\n |  ", re.sub(r"([,.]) (?=\1)", r"\1", text))
    assert len([piece for piece in pieces if piece]) == 63


def test_bytes_are_written_as_the_characters_that_they_make(tmp_path: Path) -> None:
    _, writer = writer_of(tmp_path, STACKS["stack"], BYTES, "byte")
    text = "".join(writer.pieces("größer €\n", text_settings(seed=4, length=30)))
    assert text.startswith("größer €\n")
    # Random bytes are seldom UTF-8.
    assert "\N{REPLACEMENT CHARACTER}" in text


def test_a_text_ends_before_a_stop_text(language_run: Path) -> None:
    run = rnnbuild.open_run(language_run)
    text = run.generate("The ", seed=5, length=300)
    for stop in ("\n", text[20:22], text[50:55]):
        end = text.index(stop, 4)
        assert run.generate("The ", seed=5, length=300, stop=[stop]) == text[:end]
    assert run.generate("The ", seed=5, length=300, stop="\n") == text[: text.index("\n")]
    # What is in the prompt stops nothing.
    assert len(run.generate("The ", seed=5, stop=["The "], length=2)) == 6


UNKNOWN = {
    "a character": (
        {"prompt": "The\nplöt?"},
        "prompt:2:3: the prompt has `ö` and 1 other, which are not among the 34 characters that "
        "the model knows\n"
        "  2 | plöt?\n"
        "    |   ^\n"
        "  hint: it knows: \\n .:ADEFMOPRSTVWacdefhilnoprstuvwy",
    ),
    "a stop text": (
        {"stop": ["a\n", "Q"]},
        "stop text:1:1: the stop text has `Q`, which is not among the",
    ),
    "top-k": ({"top_k": 99}, "a top-k of 99 does nothing: the model knows"),
    "several at once": (
        {"temperature": 0.0, "top_k": 0, "top_p": 1.5, "seed": -1, "length": 0, "stop": [""]},
        "top-k is 0: the least is 1, the likeliest token alone\n"
        "top-p is 1.5: it must be above 0 and below 1\n"
        "  hint: 0.9 draws among the likeliest tokens with 90 % of the probability; leave it out "
        "to draw among all\n"
        "the seed is -1, which is below 0\n"
        "the length is 0: the least is 1 token\n"
        "a stop text is empty: the text would end where it begins\n"
        "  hint: leave it out",
    ),
    "no text": ({"prompt": ["T", "h"]}, "the prompt is ['T', 'h'], not a text"),
    "no temperature": (
        {"temperature": float("nan")},
        "the temperature is nan, which is not a number from 0 on",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_no_text_can_be_written_by_is_one_error(case: str, language_run: Path) -> None:
    given, message = UNKNOWN[case]
    with pytest.raises(ArgumentError) as caught:
        rnnbuild.open_run(language_run).generate(**given)
    assert message in str(caught.value)


def test_an_unknown_word_names_the_nearest_that_is_known(tmp_path: Path) -> None:
    _, writer = writer_of(tmp_path, STACKS["stack"], ("the", "plot", "\n"), "word")
    with pytest.raises(ArgumentError) as caught:
        writer.pieces("the the\nThe plott", text_settings())
    assert str(caught.value).splitlines()[:3] == [
        "prompt:2:1: the prompt has `The` and 1 other, which are not among the 3 tokens that the "
        "model knows (did you mean `the`?)",
        "  2 | The plott",
        "    | ^^^",
    ]


def test_a_run_of_another_task_says_what_it_does(classify_run: Path) -> None:
    with pytest.raises(RunError) as caught:
        rnnbuild.open_run(classify_run).generate()
    assert str(caught.value) == (
        f"{classify_run} writes no text: its model classifies\n"
        "  hint: `rnnbuild predict` answers with it; a model that writes is trained by "
        "`task: language-model`"
    )


def test_a_layer_that_keras_alone_computes_is_named(language_run: Path, tmp_path: Path) -> None:
    run = shutil.copytree(language_run, tmp_path / "run")
    saved = saved_model(open_folder(run))
    gru = next(layer for layer in saved.layers if layer.kind == "GRU")
    odd = replace(gru, config={**gru.config, "activation": "gelu"})
    layers = [odd if layer is gru else layer for layer in saved.layers]
    with pytest.raises(RunError) as caught:
        step_model(replace(saved, layers=layers), "the run")
    assert str(caught.value) == (
        "the run cannot write text: layer `gru` (GRU) has `activation: gelu`, which is not "
        "computed step by step\n"
        "  hint: train a model without that"
    )
