"""What is wrong with the rows of a series: the first few are reported together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rnnbuild.data.readers.faults import SHOWN
from rnnbuild.errors import DataError, Place, Problem


@dataclass(frozen=True, order=True)
class RowFault:
    """What is wrong with a row, and how to fix it and others like it."""

    row: int
    message: str
    hint: str = ""


def refuse_rows(place: Callable[[int], Place], faults: Sequence[RowFault]) -> None:
    """Raises DataError if there are faults, with the first few in order of their rows.

    `place` is that of a row. Each hint is given once, with the last fault that it is for.
    """
    if not faults:
        return
    shown, more = sorted(faults)[:SHOWN], len(faults) - SHOWN
    hints = list(dict.fromkeys(fault.hint for fault in sorted(faults) if fault.hint))
    last = {fault.hint: number for number, fault in enumerate(shown)}
    problems = [
        Problem(
            fault.message,
            place(fault.row),
            fault.hint if fault.hint and last[fault.hint] == number and more <= 0 else None,
        )
        for number, fault in enumerate(shown)
    ]
    if more > 0:
        rows = "row" if more == 1 else "rows"
        source = place(shown[-1].row).source
        more_rows = f"{source}: {more:,} more such {rows}"
        problems.append(Problem(more_rows, None, "; ".join(hints) or None))
    raise DataError(problems)
