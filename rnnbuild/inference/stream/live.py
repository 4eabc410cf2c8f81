"""A stream in Python, which remembers its state."""

from typing import Any

from rnnbuild.inference.decoding.answers import StepAnswer
from rnnbuild.inference.stream.stream import Stream


class LiveStream:
    """Answers after each step of one sequence after the other; for one thread at a time.

    state: what all later answers depend on; save it, and set it again to go back
    note:  which weights answer, in a sentence, where the run has not finished
    """

    def __init__(self, stream: Stream, note: str | None = None) -> None:
        self._stream, self.note = stream, note
        self.state = stream.initial

    def answers(self, given: Any) -> list[StepAnswer]:
        """An answer to each step: the tokens of a text, or of a list as they are; the step whose
        numbers are given in a list, or the steps of a list of such lists.

        Raises DataError for what cannot be read; the state is then as before.
        """
        records, self.state = self._stream.after(given, self.state)
        return [self._stream.reader.typed_answer(record) for record in records]

    def restart(self) -> None:
        """Begin a new sequence."""
        self.state = self._stream.initial
