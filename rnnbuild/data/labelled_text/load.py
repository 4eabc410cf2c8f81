"""Labelled text, for `classify` and `tag`, from its source to what training takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import version

from rnnbuild.cache.filled_folder import cached_folder
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.codec import WordCodec
from rnnbuild.data.kind.loaded import Baselines, Loaded, OnRequest
from rnnbuild.data.labelled_text.baselines import (
    majority,
    most_frequent_tag,
    naive_bayes,
    naive_bayes_each,
    usual_labels,
)
from rnnbuild.data.labelled_text.build import LAYOUT, build
from rnnbuild.data.labelled_text.health import labelled_text_health
from rnnbuild.data.labelled_text.linear import (
    LinearModel,
    broken_library,
    missing_library,
    remarks,
)
from rnnbuild.data.labelled_text.stored import StoredText
from rnnbuild.data.rows.rows import TextSource
from rnnbuild.data.text.tokeniser_choice import tokeniser_of
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.tasks.table import TASKS

Answers = Classified | MultiLabelled | Tagged


def load_labelled_text(
    source: TextSource, data: DataConfig, glanced: str, known: WordCodec | None = None
) -> Loaded:
    """Every split as numbers, with the vocabulary and labels of the training split, behind those
    that are `known`.

    `glanced` is the fingerprint at a glance of the data and of what is known: data that was seen
    before is not read again.
    """
    tokeniser = tokeniser_of(data, source.task, source.level, source.pretokenised)
    key = f"{glanced}-{source.task}-{version('rnnbuild')}-{LAYOUT}"
    stored = StoredText(cached_folder("text", key, partial(build, source, data, tokeniser, known)))
    train = stored.encoded_split("train")
    notes = stored.notes
    if one_label(stored):
        notes = (*notes, *remarks(train, stored.codec.labels))
    return Loaded(
        facts=stored.facts,
        codec=stored.codec,
        train=train,
        validation=stored.encoded_split("validation"),
        test=stored.encoded_split("test"),
        baselines=TrivialAnswers(stored),
        row_text=stored.text,
        row_place=stored.place,
        settled={"level": tokeniser.level, "lowercase": tokeniser.lowercase},
        notes=notes,
        try_optional=broken_library if one_label(stored) else tuple,
        health=partial(labelled_text_health, stored, data),
    )


def one_label(stored: StoredText) -> bool:
    """Whether each row has one label of its own."""
    return not stored.codec.per_step and not stored.codec.multi_label


@dataclass(frozen=True, eq=False)
class TrivialAnswers:
    """Trivial answers by split: the most common label, naive Bayes, a linear model; or usual tags.

    There is a linear model only where scikit-learn is installed.
    """

    stored: StoredText

    @cached_property
    def linear(self) -> LinearModel:
        codec = self.stored.codec
        return LinearModel.fit(
            self.stored.encoded_split("train"), codec.labels, codec.vocabulary.size
        )

    def __call__(self, name: SplitName) -> Baselines:
        task = TASKS[self.stored.codec.task]

        def with_task(make: Callable[[], Answers]) -> AnyAnswers:
            return replace(make(), task=task)

        methods = self._methods(name).items()
        return OnRequest({method: partial(with_task, make) for method, make in methods})

    def _methods(self, name: SplitName) -> dict[str, Callable[[], Answers]]:
        codec, train = self.stored.codec, self.stored.encoded_split("train")
        labels, ids, examples = codec.labels, codec.vocabulary.size, self.stored.encoded_split(name)
        if codec.per_step:
            return {"most frequent tag": partial(most_frequent_tag, train, examples, labels, ids)}
        if codec.multi_label:
            return {
                "usual labels": partial(usual_labels, train, examples, labels),
                "naive Bayes": partial(naive_bayes_each, train, examples, labels, ids),
            }
        methods: dict[str, Callable[[], Answers]] = {
            "majority": partial(majority, train, examples, labels),
            "naive Bayes": partial(naive_bayes, train, examples, labels, ids),
        }
        if not (missing_library() or broken_library()):
            methods["TF-IDF linear"] = lambda: self.linear.answers(examples)
        return methods
