"""Everything that training needs before a model is built: examples as numbers, every size known."""

from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.codec import TextCodec, codec_of
from rnnbuild.data.encoded import Encoded
from rnnbuild.data.examples import Splits
from rnnbuild.data.facts import facts_from
from rnnbuild.data.load import load_splits
from rnnbuild.errors import ConfigError, Problem


@dataclass(frozen=True, eq=False)
class Prepared:
    resolved: ResolvedConfig
    splits: Splits
    codec: TextCodec
    train: Encoded
    validation: Encoded
    test: Encoded


def prepare(config: Config, folder: Path) -> Prepared:
    """Read, encode and resolve. `folder` is what data files are relative to.

    Raises ConfigError where the config names no data or contradicts it, DataError where the data
    cannot be used. TensorFlow is not loaded: a wrong request fails before that.
    """
    if config.data is None:
        raise ConfigError(
            Problem(
                "training needs data, and the config names none",
                config.place("model"),
                "add `data: {dataset: languages}`, or `data: {train: train.csv}`",
            )
        )
    splits = load_splits(config.data, folder, config.task)
    codec = codec_of(splits, config.data)
    train = codec.encode(splits.train)
    return Prepared(
        resolved=resolve(config, facts_from(splits, codec, train)),
        splits=splits,
        codec=codec,
        train=train,
        validation=codec.encode(splits.validation),
        test=codec.encode(splits.test),
    )
