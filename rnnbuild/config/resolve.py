"""Config + DataFacts -> a config in which every size is known."""

from collections.abc import Sequence
from dataclasses import replace

from rnnbuild.config.border import border_of, ending_layer
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.layers import Layer, RecurrentArguments, RepeatVectorLayer
from rnnbuild.config.schema.model import EmbeddingConfig, HeadConfig
from rnnbuild.config.stack import POOLINGS, ResolvedConfig
from rnnbuild.errors import ConfigError, Problem
from rnnbuild.tasks.facts import DataFacts, Task
from rnnbuild.tasks.table import TASKS, task_of_model
from rnnbuild.tasks.traits import Head, StatedHead


def resolve(config: Config, facts: DataFacts | None = None) -> ResolvedConfig:
    """The config with every size filled in, and the stack of layers it describes.

    `facts` come from the config's data; without data the config must state its sizes.
    Raises ConfigError, with every contradiction between config and data at once.
    """
    resolution = _Resolution(config, facts)
    resolved = resolution.resolved()
    if resolution.problems:
        raise ConfigError(resolution.problems)
    return resolved


class _Resolution:
    """One pass over a config; problems gather so that all are reported at once."""

    def __init__(self, config: Config, facts: DataFacts | None):
        self.config = config
        self.model = config.model
        self.problems: list[Problem] = []
        self.has_data = facts is not None
        self.facts = facts or DataFacts(
            task=config.task or self.implied_task(), columns=self.model.input_columns
        )

    def problem(self, path: tuple[str | int, ...], message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(message, self.config.place(*path), hint))

    def implied_task(self) -> Task:
        """What a model is for where neither data nor `task` says so."""
        return task_of_model(has_decoder=border_of(self.model.layers) is not None)

    def resolved(self) -> ResolvedConfig:
        task = self.task()
        embedding = self.embedding()
        length = self.input_length()
        pooling = self.pooling(task)
        layers = self.layers(task)
        head = self.head(task)
        model = self.model.model_copy(
            update={
                "embedding": embedding,
                "input_length": length,
                "layers": layers,
                "pooling": pooling,
                "head": head,
            }
        )
        config = self.config.model_copy(
            update={"task": task, "model": model, "data": self.data_in_steps()}
        )
        facts = self.facts if self.facts.longest else replace(self.facts, longest=length or 0)
        return ResolvedConfig(
            config=config,
            facts=facts,
            input_length=length,
            input_columns=self.facts.columns,
        )

    def data_in_steps(self) -> DataConfig | None:
        """The config's data, with what a step is and how many there are in a window, where these
        follow from its kind."""
        data = self.config.data
        if data is None:
            return None
        of_data = {key: getattr(self.facts, key) for key in ("level", "lowercase", "window")}
        open_keys = {key for key in of_data if getattr(data, key) is None}
        return data.model_copy(
            update={key: of_data[key] for key in open_keys if of_data[key] is not None}
        )

    def task(self) -> Task:
        stated = self.config.task
        if stated and stated != self.facts.task:
            self.problem(
                ("task",),
                f"`task: {stated}` contradicts the data, which is for `{self.facts.task}`",
                "leave `task` out: it follows from the data",
            )
        return self.facts.task

    def embedding(self) -> EmbeddingConfig | None:
        embedding, size = self.model.embedding, self.facts.vocabulary_size
        self.refuse_other_columns()
        if embedding is None:
            if self.facts.columns is None:
                self.problem(
                    ("model",),
                    "text needs `model.embedding`, and there is none",
                    "add `embedding: {output_dim: 64}` to `model`"
                    + (
                        "" if self.has_data else ", or state that it is numbers: `input_columns: 3`"
                    ),
                )
            return None
        if self.facts.columns is not None:
            self.problem(
                ("model", "embedding"),
                "the data is numbers, which need no embedding",
                "leave `model.embedding` out",
            )
            return embedding
        if embedding.input_dim is None:
            if size is None:
                self.problem(
                    ("model", "embedding"),
                    "`model.embedding.input_dim` is missing: there is no data to count words in",
                    "state it, `input_dim: 10000`, or name the data: `data: {dataset: languages}`",
                )
                return embedding
            return embedding.model_copy(update={"input_dim": size})
        if size is not None and embedding.input_dim < size:
            self.problem(
                ("model", "embedding", "input_dim"),
                f"`input_dim` is {embedding.input_dim:,}, but the data has {size:,} ids "
                "(padding and unknown among them)",
                f"leave `input_dim` out{self.smaller_vocabulary(embedding.input_dim)}",
            )
        return embedding

    def refuse_other_columns(self) -> None:
        """A problem where the config states other columns than its data has."""
        stated, columns = self.model.input_columns, self.facts.columns
        if stated is not None and stated != columns:
            there = "text" if columns is None else f"numbers in {columns:,} columns"
            self.problem(
                ("model", "input_columns"),
                f"`input_columns: {stated}` contradicts the data, which is {there}",
                "leave `input_columns` out: it follows from the data",
            )

    def smaller_vocabulary(self, input_dim: int) -> str:
        """What makes the ids of the data at most so many, as the other half of a hint."""
        known, level = input_dim - 2, self.facts.level
        if level == "byte":
            return ": all 256 bytes are known"
        # Fewer than two leave no choice.
        return (
            f", or cap the {level or 'word'}s: `data.vocabulary.size: {known}`" if known > 1 else ""
        )

    def input_length(self) -> int | None:
        """Steps of the longest example; without data as stated, if at all: no weight depends on
        it."""
        stated = self.model.input_length
        # A model that was trained elsewhere may come without data.
        if not self.has_data or not self.facts.longest:
            return stated
        if stated is not None and stated != self.facts.longest:
            self.problem(
                ("model", "input_length"),
                f"`input_length: {stated}` contradicts the data, whose longest training "
                f"sequence has {self.facts.longest} steps",
                "leave `input_length` out; "
                + (
                    "`data.max_length` cuts longer sequences"
                    if TASKS[self.facts.task].sees_what_follows
                    else "`data.window` says how many a training row has"
                ),
            )
        return self.facts.longest

    def pooling(self, task: Task) -> str | None:
        stated = self.model.pooling
        if TASKS[task].answers_every_step:
            if stated is not None:
                self.problem(
                    ("model", "pooling"),
                    f"`pooling` ends the sequence, but `{task}` answers at every step",
                    "leave `pooling` out",
                )
            return None
        return stated or "last"

    def layers(self, task: Task) -> tuple[Layer, ...]:
        """The layers, with the steps of a decoder filled in."""
        layers = self.model.layers
        border = border_of(layers)
        if not TASKS[task].sees_what_follows:
            self.refuse_reading_ahead(layers, task)
        else:
            self.refuse_backwards(layers, task)
        if border is None:
            if TASKS[task].has_decoder:
                self.problem(
                    ("model", "layers"),
                    f"`{task}` needs an encoder and a decoder, and nothing separates them",
                    "write `- {kind: repeat_vector}` after the encoder's last recurrent layer, and "
                    "a recurrent layer for the decoder after it",
                )
            return layers
        if not TASKS[task].has_decoder:
            self.problem(
                ("model", "layers", border),
                f"`repeat_vector` begins a decoder, and `{task}` has none",
                f"leave it out; it is for `{task_of_model(has_decoder=True)}`",
            )
            return layers
        layer = layers[border]
        assert isinstance(layer, RepeatVectorLayer)
        steps = layer.model_copy(update={"n": self.decoder_steps(border, layer.n)})
        return (*layers[:border], steps, *layers[border + 1 :])

    def refuse_reading_ahead(self, layers: Sequence[Layer], task: Task) -> None:
        """A problem for each layer that reads the steps in another order than they come in."""
        for number, layer in enumerate(layers):
            for key in ("bidirectional", "go_backwards"):
                if isinstance(layer, RecurrentArguments) and getattr(layer, key):
                    self.problem(
                        ("model", "layers", number, key),
                        f"`{key}` reads a text from its end, and would see each token before "
                        f"`{task}` is asked for it",
                        f"leave `{key}` out",
                    )

    def refuse_backwards(self, layers: Sequence[Layer], task: Task) -> None:
        """A problem for each layer that turns a sequence round which goes on after it."""
        each_step = TASKS[task].answers_at == "input step"
        ending = ending_layer(layers, not each_step and self.model.pooling not in POOLINGS)
        where = "with `pooling: last`" if border_of(layers) is None else "of the encoder"
        for number, layer in enumerate(layers):
            if number != ending and isinstance(layer, RecurrentArguments) and layer.go_backwards:
                self.problem(
                    ("model", "layers", number, "go_backwards"),
                    "`go_backwards` turns the steps round, but not the mask of padding: it is for "
                    "the layer in which the sequence ends",
                    "use `bidirectional: true`, "
                    f"or go backwards in the last recurrent layer {where}",
                )

    def decoder_steps(self, border: int, stated: int | None) -> int:
        """The longest training target and its end mark."""
        longest = self.facts.longest_target
        if longest is None:
            if stated is None:
                self.problem(
                    ("model", "layers", border),
                    "`n` of `repeat_vector` is missing: there is no data to measure targets in",
                    "state the steps of the longest target and its end mark: "
                    "`- {kind: repeat_vector, n: 12}`",
                )
            return stated or 1
        if stated not in (None, longest + 1):
            self.problem(
                ("model", "layers", border, "n"),
                f"`n: {stated}` contradicts the data, whose longest training target has {longest} "
                f"steps: with its end mark, {longest + 1}",
                "leave `n` out: it follows from the data",
            )
        return longest + 1

    def head(self, task: Task) -> HeadConfig:
        head, labels = self.model.head, len(self.facts.labels)
        if not self.has_data and not TASKS[task].sees_what_follows:
            embedding = self.model.embedding
            size = embedding.input_dim if embedding is not None else None
            facts = replace(self.facts, vocabulary_size=size)
            fitting = TASKS[task].head(facts, StatedHead(head.units, head.activation))
            self.check_head(head, fitting, labels)
            return head.model_copy(
                update={"units": fitting.units, "activation": fitting.activation}
            )
        if not self.has_data:
            if head.units is None:
                self.problem(
                    ("model", "head"),
                    "`model.head.units` is missing: there is no data to count labels in",
                    "state it: `head: {units: 1, activation: sigmoid}`",
                )
                return head
            one_unit = head.units == 1 and not TASKS[task].has_decoder
            usual = "sigmoid" if one_unit else "softmax"
            usual = "linear" if TASKS[task].squared_error else usual
            return head.model_copy(update={"activation": head.activation or usual})
        fitting = TASKS[task].head(self.facts, StatedHead(head.units, head.activation))
        self.check_head(head, fitting, labels)
        return head.model_copy(update={"units": fitting.units, "activation": fitting.activation})

    def check_head(self, head: HeadConfig, fitting: Head, labels: int) -> None:
        units, activation = fitting.units, fitting.activation
        if self.facts.target_vocabulary_size is not None:
            what = f"{units} target tokens, the end mark among them,"
        elif not TASKS[self.facts.task].sees_what_follows:
            what = f"{units} tokens that may come next"
        else:
            what = f"{labels} labels" if labels else f"{units} numbers"
        if head.activation not in (None, activation):
            self.problem(
                ("model", "head", "activation"),
                f"`activation: {head.activation}` contradicts the data: {self.facts.task} with "
                f"{what} takes `{activation}`",
                "leave `activation` out: it follows from the task",
            )
        elif head.units not in (None, units):
            self.problem(
                ("model", "head", "units"),
                f"`units: {head.units}` contradicts the data: {what} take {units} "
                f"unit{'s' if units > 1 else ''} with `{activation}`",
                "leave `units` out: it follows from the data",
            )
