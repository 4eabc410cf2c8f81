"""Labelled text, for `classify` and `tag`, from its source to what training takes."""

from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import version

from rnnbuild.cache.filled_folder import cached_folder
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.data.labelled_text.baselines import (
    majority,
    most_frequent_tag,
    naive_bayes,
    naive_bayes_each,
    usual_labels,
)
from rnnbuild.data.labelled_text.build import LAYOUT, build
from rnnbuild.data.labelled_text.health import labelled_text_health
from rnnbuild.data.labelled_text.linear import LinearModel, missing_library, remarks
from rnnbuild.data.labelled_text.stored import StoredText
from rnnbuild.data.rows.rows import TextSource
from rnnbuild.data.text.tokeniser import tokeniser_of
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.tasks.table import TASKS


def load_labelled_text(source: TextSource, data: DataConfig, glanced: str) -> Loaded:
    """Every split as numbers, with the vocabulary and labels of the training split.

    `glanced` is the data's fingerprint at a glance: data that was seen before is not read again.
    """
    tokeniser = tokeniser_of(data, source.task, source.level, source.pretokenised)
    key = f"{glanced}-{source.task}-{version('rnnbuild')}-{LAYOUT}"
    stored = StoredText(cached_folder("text", key, partial(build, source, data, tokeniser)))
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
        notes=notes,
        health=partial(labelled_text_health, stored),
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
        return {method: replace(made, task=task) for method, made in self._answers(name).items()}

    def _answers(self, name: SplitName) -> dict[str, Classified | MultiLabelled | Tagged]:
        codec, train = self.stored.codec, self.stored.encoded_split("train")
        labels, ids, examples = codec.labels, codec.vocabulary.size, self.stored.encoded_split(name)
        if codec.per_step:
            return {"most frequent tag": most_frequent_tag(train, examples, labels, ids)}
        if codec.multi_label:
            return {
                "usual labels": usual_labels(train, examples, labels),
                "naive Bayes": naive_bayes_each(train, examples, labels, ids),
            }
        answers: dict[str, Classified | MultiLabelled | Tagged] = {
            "majority": majority(train, examples, labels),
            "naive Bayes": naive_bayes(train, examples, labels, ids),
        }
        if not missing_library():
            answers["TF-IDF linear"] = self.linear.answers(examples)
        return answers
