"""Labelled text, `classify` and `tag`, from what was read to what training takes."""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.facts import DataFacts
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.baselines.text import majority, most_frequent_tag, naive_bayes
from rnnbuild.data.codec import TextCodec, codec_of
from rnnbuild.data.examples import Examples, Splits
from rnnbuild.data.loaded import Baselines, Loaded, SplitName


def loaded_text(splits: Splits, data: DataConfig) -> Loaded:
    """Every split as numbers, by the vocabulary and labels of the training split."""
    codec = codec_of(splits, data)
    train = codec.encode(splits.train)
    by_name = dict(splits.named)
    facts = DataFacts(
        task=splits.task,
        labels=codec.labels,
        vocabulary_size=codec.vocabulary.size,
        longest=int(train.lengths.max(initial=1)),
        rows=(len(splits.train), len(splits.validation), len(splits.test)),
    )
    return Loaded(
        facts=facts,
        codec=codec,
        train=train,
        validation=codec.encode(splits.validation),
        test=codec.encode(splits.test),
        baselines=lambda name: trivial_answers(splits, codec, name),
        shown=lambda name, row: by_name[name].texts[row],
        notes=splits.notes,
    )


def trivial_answers(splits: Splits, codec: TextCodec, name: SplitName) -> Baselines:
    """The commonest label and naive Bayes; or of each word its commonest tag."""
    examples, labels = dict(splits.named)[name], codec.labels
    trained, targets = label_ids(splits.train, codec), label_ids(examples, codec)
    if splits.task == "tag":
        tags = most_frequent_tag(splits.train, trained, examples, targets, labels)
        return {"most frequent tag": tags}
    return {
        "majority": majority(trained, targets, labels),
        "naive Bayes": naive_bayes(splits.train, trained, examples, targets, labels),
    }


def label_ids(examples: Examples, codec: TextCodec) -> NDArray[np.int32]:
    """The label numbers of all rows, or of all tokens, before any are cut."""
    return codec.label_ids(examples.targets)
