"""Pairs of texts, from their rows to what training takes."""

from functools import partial

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SPLITS, SplitName, by_split
from rnnbuild.data.kind.codec import WordCodec
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.data.pairs.baselines import copy_of_source, most_common_tokens, nearest_source
from rnnbuild.data.pairs.codec import pairs_codec_of
from rnnbuild.data.pairs.counts import counts_of
from rnnbuild.data.pairs.health import pairs_health
from rnnbuild.data.pairs.notes import notes_on
from rnnbuild.data.pairs.pairs import pair_splits
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.errors import DataError
from rnnbuild.tasks.facts import LONGEST_TARGET, DataFacts


def load_pairs(
    rows: RowSplits, data: DataConfig, tokeniser: Tokeniser, known: WordCodec | None = None
) -> Loaded:
    """Every split as numbers, with the words of the training split's sources and targets, behind
    those that are `known`.

    Raises DataError where the training targets have no words.
    """
    splits = pair_splits(rows, tokeniser)
    codec = pairs_codec_of(splits, data, known)
    if not codec.target_words:
        raise DataError(
            "the training targets contain no text: there is nothing to write",
            hint="is `data.target` the right column?",
        )
    if codec.longest_target > LONGEST_TARGET:
        raise DataError(
            f"the longest training target has {codec.longest_target:,} {codec.step}s, and no more "
            f"than {LONGEST_TARGET:,} can be written",
            hint="divide long targets into several rows",
        )
    by_name = by_split(splits)
    encoded = {name: codec.encode(pairs) for name, pairs in by_name.items()}
    train = encoded["train"]
    parts = (rows.train, rows.validation or Rows(), rows.test or Rows())
    places = dict(zip(SPLITS, parts, strict=True))
    files = tuple(note for part in parts for note in part.notes)
    counts = counts_of(splits, codec)

    def baselines(name: SplitName) -> Baselines:
        pairs = by_name[name]
        return {
            "copy of the source": copy_of_source(pairs, codec),
            "commonest token by position": most_common_tokens(train.targets, pairs, codec),
            "target of the nearest source": nearest_source(splits.train, pairs, codec),
        }

    return Loaded(
        facts=DataFacts(
            task="translate",
            vocabulary_size=codec.vocabulary.size,
            target_vocabulary_size=codec.target_size,
            longest_target=codec.longest_target,
            longest=int(train.lengths.max(initial=1)),
            rows=(len(splits.train), len(splits.validation), len(splits.test)),
        ),
        codec=codec,
        train=train,
        validation=encoded["validation"],
        test=encoded["test"],
        baselines=baselines,
        row_text=lambda name, row: by_name[name].texts[row],
        row_place=lambda name, row: places[name].place(row),
        target_text=lambda name, row: by_name[name].target_texts[row],
        settled={"level": tokeniser.level, "lowercase": tokeniser.lowercase},
        notes=(*map(str, files), *notes_on(counts, codec)),
        health=partial(pairs_health, files, splits, counts, codec, encoded, data),
    )
