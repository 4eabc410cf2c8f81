"""What saves work outside training, with TensorFlow and without it."""

from collections.abc import Callable, Sequence
from typing import Any


def products_of_words(
    ids: Any,
    distinct: Callable[[Any], tuple[Any, Any]],
    vectors_of: Callable[[Any], Any],
    kernels: Sequence[Any],
) -> tuple[Any, list[Any]]:
    """The place of each id of a batch among its words, and each word's vector times each W.

    A word is multiplied once, however often it occurs: of 20,000 steps of text some 3,000 differ.

    ids:        int32 (B, T)
    distinct:   from ids, the words that differ, (N,), and the place of each id among them, (B, T)
    vectors_of: from words, their rows of the embedding, (N, width)
    kernels:    W of each direction, (width, columns)
    """
    words, places = distinct(ids)
    vectors = vectors_of(words)
    return places, [vectors @ kernel for kernel in kernels]
