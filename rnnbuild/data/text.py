"""Labelled text, `classify` and `tag`, from where it is read to what training takes."""

from functools import partial
from importlib.metadata import version

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data import cache
from rnnbuild.data.baselines.text import (
    majority,
    most_frequent_tag,
    naive_bayes,
    naive_bayes_each,
    usual_labels,
)
from rnnbuild.data.corpus.build import build
from rnnbuild.data.corpus.stored import StoredText
from rnnbuild.data.loaded import Baselines, Loaded, SplitName
from rnnbuild.data.rows import TextSource
from rnnbuild.data.tokeniser import Level, Tokeniser
from rnnbuild.errors import DataError


def loaded_text(source: TextSource, data: DataConfig, glanced: str) -> Loaded:
    """Every split as numbers, by the vocabulary and labels of the training split.

    `glanced` is the data's fingerprint at a glance: data that was seen before is not read again.
    """
    tokeniser = tokeniser_of(data, source.task, source.level, source.pretokenised)
    key = f"{glanced}-{source.task}-{version('rnnbuild')}"
    stored = StoredText(cache.kept("text", key, partial(build, source, data, tokeniser)))
    return Loaded(
        facts=stored.facts,
        codec=stored.codec,
        train=stored.encoded("train"),
        validation=stored.encoded("validation"),
        test=stored.encoded("test"),
        baselines=partial(trivial_answers, stored),
        shown=stored.text,
        notes=stored.notes,
    )


def trivial_answers(stored: StoredText, name: SplitName) -> Baselines:
    """The commonest label and naive Bayes; or of each word its commonest tag."""
    codec, train, examples = stored.codec, stored.encoded("train"), stored.encoded(name)
    labels, ids = codec.labels, codec.vocabulary.size
    if codec.task == "tag":
        return {"most frequent tag": most_frequent_tag(train, examples, labels, ids)}
    if codec.multi_label:
        return {
            "usual labels": usual_labels(train, examples, labels),
            "naive Bayes": naive_bayes_each(train, examples, labels, ids),
        }
    return {
        "majority": majority(train, examples, labels),
        "naive Bayes": naive_bayes(train, examples, labels, ids),
    }


def tokeniser_of(data: DataConfig, task: Task, level: Level, pretokenised: bool) -> Tokeniser:
    """How the text becomes tokens, where the config leaves it open.

    `level` is the dataset's own. Words of running text are put in lower case, since that is
    one word where capitals make two; characters and words that come ready-made stay as they are.
    """
    level = data.level or level
    if level == "character" and task == "tag":
        raise DataError(
            "`level: character` cannot be tagged: each word has one tag",
            hint="to tag characters, give each one as a word: one a line, with its tag",
        )
    running = level == "word" and not pretokenised
    lowercase = running if data.lowercase is None else data.lowercase
    return Tokeniser(level, lowercase, pretokenised)
