"""Answers of two models of equal accuracy, whose mistakes have much in common."""

import numpy as np

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.tagging import Tagged


def equal_models(
    generator: np.random.Generator, rows: int, labels: int = 2
) -> tuple[Classified, Classified]:
    """Either answer to a row might as well be the other model's."""
    targets = generator.integers(labels, size=rows)
    shared = generator.normal(size=(rows, labels)) + 1.4 * np.eye(labels)[targets]
    first, second = (
        answers(targets, shared + generator.normal(0, 0.7, (rows, labels))) for _ in range(2)
    )
    return first, second


def answers(targets: np.ndarray, logits: np.ndarray) -> Classified:
    odds = np.exp(logits)
    names = tuple(map(str, range(logits.shape[1])))
    return Classified.from_probabilities(targets, odds / odds.sum(axis=1, keepdims=True), names)


def tagged_pair(generator: np.random.Generator, rows: int) -> tuple[Tagged, Tagged]:
    """Sentences of one to six words that two models tag."""
    offsets = np.concatenate(([0], np.cumsum(generator.integers(1, 7, rows))))
    targets = generator.integers(3, size=offsets[-1])
    first, second = (
        Tagged(
            targets,
            np.where(generator.random(len(targets)) < 0.7, targets, generator.integers(3)),
            offsets,
            ("a", "b", "c"),
        )
        for _ in range(2)
    )
    return first, second
