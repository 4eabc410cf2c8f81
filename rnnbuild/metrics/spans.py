"""Where entities begin and end in a sequence of BIO, IOB1, IOBES or BILOU labels.

Follows conlleval (Tjong Kim Sang and Buchholz, CoNLL-2000), which never refuses a sequence: an
I- after O, or after another type, begins an entity. So IOB1 and BIO are read alike. S- and E- are
read as its widely used IOBES extension reads them, and the letters of BILOU and BMES like theirs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.unseen import UNSEEN
from rnnbuild.tasks.tag import entity_tag, entity_types

OUTSIDE = -1


@dataclass(frozen=True)
class Spans:
    """Entities by their first and last token (both included) and the number of their type."""

    starts: Array
    ends: Array
    types: Array


def find_spans(tags: Array, offsets: Array, labels: tuple[str, ...]) -> Spans:
    """The entities of all rows, in order: `tags` (total,) are label numbers.

    A label that marks no entity is outside. Each -1 is an entity by itself, of
    a type numbered after the known ones: train lacks its label, which cannot have been O.
    """
    begins_at, ends_at, type_of = label_roles(labels)
    types = type_of[tags]
    inside = types != OUTSIDE
    # The edges of a row are boundaries whatever the labels say.
    first = np.zeros(len(tags) + 1, dtype=bool)
    first[offsets] = True
    boundary = first.copy()
    boundary[1:-1] |= (types[1:] != types[:-1]) | begins_at[tags[1:]] | ends_at[tags[:-1]]
    starts = np.flatnonzero(boundary[:-1] & inside)
    ends = np.flatnonzero(boundary[1:] & inside)
    return Spans(starts, ends, types[starts])


def label_roles(
    labels: tuple[str, ...],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], Array]:
    """For each label, and last for the unseen one: always begins, always ends, type number."""
    types = entity_types(labels)
    tags = [entity_tag(label) for label in labels]
    roles = [tag.role if tag else "O" for tag in tags]
    numbers = [types.index(tag.type) if tag else OUTSIDE for tag in tags]
    begins = np.array([role in "BS" for role in roles] + [True])
    ends = np.array([role in "ES" for role in roles] + [True])
    return begins, ends, np.array([*numbers, len(types)])


def beside_unseen(spans: Spans, tags: Array, offsets: Array) -> npt.NDArray[np.bool_]:
    """True of entities that are, or touch in their row, a label unseen in train.

    Whether the entity truly ends there cannot be known.
    """
    unseen = np.r_[tags == UNSEEN, False]
    edges = np.zeros(len(tags) + 1, dtype=bool)
    edges[offsets] = True
    before = unseen[spans.starts - 1] & ~edges[spans.starts]
    after = unseen[spans.ends + 1] & ~edges[spans.ends + 1]
    return np.asarray(unseen[spans.starts] | before | after)
