"""What a dataset holds, in a form that can be compared and hashed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from rnnbuild.data.bundled.card import Dataset
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.data.sequences.codec import SequenceSplits


def made(dataset: Dataset, **options: int) -> Any:
    """The dataset as it comes by default, but for these of its options."""
    return dataset.load(**{**dataset.defaults, **options})


def contents(splits: Any) -> Mapping[str, list[tuple[str, str]]]:
    """Each split's rows as pairs of input and target."""
    match splits:
        case RowSplits(train=train, validation=validation, test=test):
            assert validation is not None and test is not None
            return {
                name: [
                    (text, "\t".join(target))
                    for text, target in zip(part.texts, part.targets, strict=True)
                ]
                for name, part in (("train", train), ("validation", validation), ("test", test))
            }
        case SequenceSplits(train=train, validation=validation, test=test):
            return {
                name: [
                    (inputs.tobytes().hex(), targets.tobytes().hex())
                    for inputs, targets in zip(part.inputs, part.targets, strict=True)
                ]
                for name, part in (("train", train), ("validation", validation), ("test", test))
            }
        case _:
            raise TypeError("one series in three parts has no rows")


def digest(splits: Any) -> str:
    """A hash of all rows."""
    result = hashlib.sha256()
    for name, rows in contents(splits).items():
        for text, target in rows:
            result.update(f"{name}\0{text}\0{target}\n".encode())
    return result.hexdigest()[:16]
