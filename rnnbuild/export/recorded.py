"""Inputs with their outputs, which `run.py --check` repeats on another machine."""

import json
from typing import Any

import numpy as np

from rnnbuild.export.agreement import Array, Forward
from rnnbuild.export.program.opened import Opened, padded, spread_over

INPUTS = 8
NUMBERS = 1000
"""Numbers of an output that are recorded, evenly spread: some models give a million."""


def recorded_check(opened: Opened, reference: Forward, inputs: list[Any], allowed: float) -> str:
    """check.json: each input, the model's rows of it, and the outputs expected for these."""
    document = {
        "format": 1,
        "allowed_difference": allowed,
        "inputs": [
            {
                "input": given,
                "rows": [
                    {"values": row.tolist(), "output": recorded(reference(padded([row])))}
                    for row in opened.rows(given, number)
                ],
            }
            for number, given in enumerate(inputs, 1)
        ],
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def recorded(outputs: Array) -> list[float]:
    """Numbers of the one row's output."""
    numbers: list[float] = spread_over(np.asarray(outputs[0]), NUMBERS).tolist()
    return numbers
