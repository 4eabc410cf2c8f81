"""Pairs of texts in memory, for the tests of what becomes of them."""

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.pairs.load import load_pairs
from rnnbuild.data.pairs.pairs import PairSplits, pair_splits
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.text.tokeniser import Level, Tokeniser

Written = dict[str, str]


def rows_of(pairs: Written) -> Rows:
    return Rows(texts=list(pairs), targets=[(target,) for target in pairs.values()])


def row_splits(train: Written, test: Written | None = None, level: Level = "word") -> RowSplits:
    return RowSplits("translate", level, rows_of(train), Rows(), rows_of(test or {}))


def splits_of(train: Written, test: Written | None = None, level: Level = "word") -> PairSplits:
    return pair_splits(row_splits(train, test, level), Tokeniser(level))


def loaded(
    train: Written, test: Written | None = None, level: Level = "word", **data: object
) -> Loaded:
    config = DataConfig.model_validate({"train": "pairs.tsv"} | data)
    return load_pairs(row_splits(train, test, level), config, Tokeniser(level))
