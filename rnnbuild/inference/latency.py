"""How long a trained model takes to answer one example, or a language model one token."""

from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from rnnbuild.errors import RnnbuildError
from rnnbuild.inference.model_source import ModelFile
from rnnbuild.inference.opening import light_forward, without_gpu_request
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.tasks.language_model import LANGUAGE_MODEL

WARM_UP = 3
REPEATS = 50
TOKENS = 256
AT_MOST = 1.0
"""Seconds of repeats."""


def latency_of(run: Path) -> float | None:
    """Median seconds of the forward pass for one example as long as the longest in training; of a
    language model for one token of TOKENS, whatever the length of its windows.

    The time of tokenising it and of naming the answer is not part of it. None where the layers need
    Keras, or the run is damaged: TensorFlow is not loaded.
    """
    directory = RunDirectory(run)
    try:
        config, facts = without_gpu_request(config_of_run(directory)), read_facts(directory)
        forward = light_forward(ModelFile(directory.model).layers(), config)
    except RnnbuildError:
        return None
    if forward is None:
        return None
    reads_on = facts.task == LANGUAGE_MODEL.name
    steps = TOKENS if reads_on else max(1, facts.longest)
    generator = np.random.default_rng(0)
    if facts.columns is not None:
        example = generator.normal(size=(1, steps, facts.columns)).astype(np.float32)
    else:
        # Ids from 2 on are words: 0 is padding and would shorten the example.
        words = max(3, facts.vocabulary_size or 3)
        example = generator.integers(2, words, size=(1, steps)).astype(np.int32)
    seconds: list[float] = []
    for number in range(WARM_UP + REPEATS):
        start = perf_counter()
        forward(example)
        if number >= WARM_UP:
            seconds.append(perf_counter() - start)
        if sum(seconds) > AT_MOST:
            break
    return median(seconds) / (steps if reads_on else 1)
