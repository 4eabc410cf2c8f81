"""Labelled text as it is stored in its folder: arrays are memory-mapped, not read."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rnnbuild.data.disk.spool import map_array
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.labelled_text.build import CONTENT
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.labelled_text.counts import TextCounts
from rnnbuild.data.labelled_text.notes import notes_on
from rnnbuild.tasks.facts import DataFacts, facts_from_json


@dataclass(frozen=True, eq=False)
class StoredText:
    """What `build` wrote. Rows of a split are numbered within it."""

    folder: Path

    @cached_property
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / CONTENT).read_text(encoding="utf-8"))
        return content

    @cached_property
    def codec(self) -> LabelledTextCodec:
        return LabelledTextCodec.from_json(json.loads(self._content["codec"]))

    @property
    def facts(self) -> DataFacts:
        return facts_from_json(self._content["facts"])

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(notes_on(self.counts, self.codec))

    @cached_property
    def counts(self) -> TextCounts:
        return TextCounts.from_json(self._content["counts"])

    def encoded_split(self, name: SplitName) -> Encoded:
        """One split as numbers, cut to the codec's `max_length`."""
        return Encoded(
            self._array(f"{name}.values"),
            self._array(f"{name}.offsets")[:-1],
            self._array(f"{name}.lengths"),
            self._array(f"{name}.targets"),
            self.codec.per_step,
            self._array(f"{name}.unseen") if self.codec.multi_label else None,
        )

    def text(self, name: SplitName, row: int) -> str:
        """A row as it was read."""
        ends = self._array("text_ends")
        number = int(self._array(f"{name}.rows")[row])
        start = int(ends[number - 1]) + 1 if number else 0
        text: bytes = self._array("texts")[start : int(ends[number])].tobytes()
        return text.decode()

    def place(self, name: SplitName, row: int) -> str:
        """`file:line` of a row; empty for a bundled dataset."""
        number = int(self._array(f"{name}.rows")[row])
        sources: list[tuple[int, str]] = self._content["sources"]
        source = next((file for first, file in reversed(sources) if first <= number), "")
        return f"{source}:{self._array('lines')[number]}" if source else ""

    def hashes(self, name: SplitName) -> Any:
        """int64 (rows,), equal where texts are equal, across splits too."""
        return self._array("hashes")[self._array(f"{name}.rows")]

    @cached_property
    def _mapped(self) -> dict[str, Any]:
        """The arrays that were asked for: mapping one takes a tenth of a millisecond."""
        return {}

    def _array(self, name: str) -> Any:
        if name not in self._mapped:
            self._mapped[name] = map_array(self.folder / f"{name}.npy")
        return self._mapped[name]
