"""A file of Keras as a config, a codec and weights: all that a run needs, without TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.adoption.arguments import Findings, policy_of, shown
from rnnbuild.adoption.chain import ForeignLayer
from rnnbuild.adoption.codec import (
    Wishes,
    facts_of_text,
    sequences_codec,
    task_of,
    text_codec,
    with_probabilities,
)
from rnnbuild.adoption.foreign import ForeignModel, read_foreign
from rnnbuild.adoption.translation import Translated, custom_layer, translated
from rnnbuild.adoption.weights import weights_in_order
from rnnbuild.config.load import config_of, default_name
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.kind.codec import Codec
from rnnbuild.errors import ArgumentError, Problem, RunError
from rnnbuild.tasks.facts import DataFacts

TEXT_READER = "TextVectorization"
LARGEST_IDS = {
    **{
        f"{sign}int{bits}": (1 << (bits if sign else bits - 1)) - 1
        for sign in ("u", "")
        for bits in (8, 16, 32, 64)
    },
    "bfloat16": 1 << 8,
    "float16": 1 << 11,
    "float32": 1 << 24,
    "float64": 1 << 53,
}
"""The numbers up to which each type of an input has every whole one."""
MOST_STEPS = 100_000
"""Of a row: with more, the comparison with the file would take whatever memory there is."""


@dataclass(frozen=True, eq=False)
class Adoptable:
    """A model of Keras as rnnbuild has it.

    config:   as the run has it; `resolved` is with every default and size
    weights:  as `set_weights` of the built model takes them
    steps:    steps of a row, where the model takes one length alone
    logits:   whether the head's activation was added to what the file computes
    notes:    what is to be known of it, a sentence each
    """

    foreign: ForeignModel
    config: Config
    resolved: ResolvedConfig
    codec: Codec
    facts: DataFacts
    weights: Sequence[NDArray[np.float32]]
    steps: int | None
    logits: bool
    notes: tuple[str, ...]

    @property
    def behind_text(self) -> Sequence[ForeignLayer]:
        """The layers behind the input and behind what reads text."""
        return body_of(self.foreign.layers)


def adoptable_model(path: Path, wishes: Wishes) -> Adoptable:
    """What a file is as a run. Raises RunError with every problem of its layers at once, and
    ArgumentError for wishes that do not fit it."""
    foreign, findings = read_foreign(path), Findings()
    shape = input_shape(foreign.layers[0], findings)
    model = translated(body_of(foreign.layers), findings)
    logits = with_probabilities(model, foreign.from_logits or wishes.logits)
    if logits is not None:
        findings.notes.append(logits)
    task = task_of(model, findings) if model.head else None
    refuse_other_input(model, foreign.layers, shape, findings)
    refuse_problems(path, findings)
    refuse_idle_wishes(model, wishes, logits is not None)
    assert task is not None
    values = model.values()
    if model.embedding is None:
        values["input_columns"] = shape[1]
    # Not `input_length`: with data, to be trained on, it follows from that.
    config = config_of({"name": default_name(path), "task": task, "model": values})
    # Names of as many words and labels as are described are made once they are known to be there.
    weights = weights_of(foreign, model, resolve(config))
    steps, codec, facts = codec_and_facts(model, foreign, task, shape, wishes, findings)
    refuse_problems(path, findings)
    if facts.longest > MOST_STEPS:
        raise RunError(
            f"{path}: rows of more than {MOST_STEPS:,} steps cannot be adopted",
            "build the model for rows of any length: `keras.Input((None,))`",
        )
    resolved = resolve(config, facts)
    notes = tuple(dict.fromkeys(findings.notes))
    return Adoptable(
        foreign, config, resolved, codec, facts, weights, steps, logits is not None, notes
    )


def weights_of(
    foreign: ForeignModel, model: Translated, resolved: ResolvedConfig
) -> list[NDArray[np.float32]]:
    """As `set_weights` takes them. Raises RunError where they are not those that are described."""
    try:
        return weights_in_order(foreign, model.computing, resolved)
    except RunError as error:
        raise RunError(of_file(foreign.path, error.problems)) from None


def refuse_idle_wishes(model: Translated, wishes: Wishes, makes_probabilities: bool) -> None:
    """Raises ArgumentError for an option that would do nothing."""
    if wishes.logits and not makes_probabilities:
        what = f"the last Dense has `activation: {shown(model.head.get('activation'))}`"
        raise ArgumentError(
            "--logits is for a last Dense whose numbers are logits, and "
            + ("the model reads numbers" if model.embedding is None else what),
            "leave it out",
        )
    if wishes.steps is not None and model.embedding is not None:
        raise ArgumentError("--steps is for numbers, and the model reads words", "leave it out")


def body_of(layers: Sequence[ForeignLayer]) -> Sequence[ForeignLayer]:
    """The layers behind the input and behind what reads text."""
    return layers[2:] if text_reader(layers) else layers[1:]


def text_reader(layers: Sequence[ForeignLayer]) -> ForeignLayer | None:
    """The layer in front that makes ids of text, if there is one."""
    first = layers[1] if len(layers) > 1 else None
    return first if first and first.kind == TEXT_READER and not first.custom else None


def input_shape(layer: ForeignLayer, findings: Findings) -> list[Any]:
    """The shape of the input without its rows: steps, and columns of numbers; None where any
    number goes."""
    shape = layer.arguments.get("batch_shape")
    if layer.custom is not None:
        findings.problems.append(custom_layer(layer))
    elif layer.kind != "InputLayer":
        hint = "give it data of the shape once before it is saved: `model(inputs)`"
        findings.problems.append(Problem("the model was never built: it has no input", hint=hint))
    elif not isinstance(shape, list) or not all(size is None or is_size(size) for size in shape):
        findings.problems.append(layer.problem(f"has `batch_shape: {shown(shape)}`"))
    else:
        return shape[1:]
    return [None]


def is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def refuse_other_input(
    model: Translated, layers: Sequence[ForeignLayer], shape: list[Any], findings: Findings
) -> None:
    """A problem unless the input is ids for an embedding, text for what reads it, or numbers."""
    numbers = model.embedding is None
    if text_reader(layers) is None:
        refuse_other_numbers(layers[0], model, findings)
    if numbers and text_reader(layers) is None and (len(shape) != 2 or shape[1] is None):
        findings.problems.append(
            layers[0].problem(
                f"has the shape {shown([None, *shape])}, and no Embedding reads it",
                "numbers are of (rows, steps, columns), ids of words go into an Embedding first",
            )
        )
    elif numbers and text_reader(layers) is not None:
        findings.problems.append(layers[1].problem("makes ids of text, and no Embedding reads it"))
    elif not numbers and text_reader(layers) is None and len(shape) != 1:
        said = f"has the shape {shown([None, *shape])}, and an Embedding reads it"
        findings.problems.append(layers[0].problem(said, "ids of words are of (rows, steps)"))


def refuse_other_numbers(layer: ForeignLayer, model: Translated, findings: Findings) -> None:
    """A problem for an input that Keras makes other numbers of than the run: it rounds what it is
    given to the `dtype` of the input."""
    policy = policy_of(layer)
    if model.embedding is None:
        exact = policy in (None, "float32", "float64")
    else:
        ids, largest = model.embedding.get("input_dim"), LARGEST_IDS.get(str(policy), 0)
        exact = policy is None or (isinstance(ids, int) and ids - 1 <= largest)
    if not exact:
        kind = "float32" if model.embedding is None else "int32"
        findings.problems.append(
            layer.problem(
                f"rounds its numbers to `{shown(policy)}`",
                f"build the model with `keras.Input(..., dtype='{kind}')`",
            )
        )


def codec_and_facts(
    model: Translated,
    foreign: ForeignModel,
    task: Any,
    shape: list[Any],
    wishes: Wishes,
    findings: Findings,
) -> tuple[int | None, Codec, DataFacts]:
    """Steps of a row where the file states them, the codec, and the sizes of the data."""
    if model.embedding is None:
        numbers, facts = sequences_codec(model, shape, wishes)
        return shape[0], numbers, facts
    reader = text_reader(foreign.layers)
    codec = text_codec(model, task, reader, foreign.vocabulary, wishes, findings)
    steps = codec.max_length if reader is not None else shape[0]
    return steps, codec, facts_of_text(codec, steps or 0)


def refuse_problems(path: Path, findings: Findings) -> None:
    if findings.problems:
        raise RunError(of_file(path, findings.problems))


def of_file(path: Path, problems: Sequence[Problem]) -> list[Problem]:
    """The problems, each with the file that it is in."""
    return [Problem(f"{path}: {each.message}", each.place, each.hint) for each in problems]
