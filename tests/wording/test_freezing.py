"""Sentences about layers that are thawed."""

import pytest

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.wording.freezing import notes_on_thawing, remarks_on_thawing

STACK = resolve(
    config_of(
        {
            "model": {
                "embedding": {
                    "input_dim": 9,
                    "output_dim": 3,
                    "trainable": False,
                    "thaw_after": 3,
                },
                "layers": [
                    {"cell": "gru", "units": 2, "trainable": False, "thaw_after": 1},
                    {"cell": "lstm", "units": 2, "trainable": False},
                ],
                "head": {"units": 1},
            }
        }
    )
).stack


def test_layers_that_thaw_are_named_in_the_order_in_which_they_do() -> None:
    assert list(notes_on_thawing(STACK)) == [
        "`gru` is frozen for 1 epoch and trained after.",
        "`embedding` is frozen for 3 epochs and trained after.",
    ]


@pytest.mark.parametrize(
    ("epochs", "kept", "remarks"),
    [
        (4, None, ["thawed: `gru` in epoch 2, `embedding` in epoch 4"]),
        (4, 4, ["thawed: `gru` in epoch 2, `embedding` in epoch 4"]),
        (
            4,
            3,
            [
                "thawed: `gru` in epoch 2, `embedding` in epoch 4",
                "the weights that were kept are those of epoch 3, before `embedding` was trained",
            ],
        ),
        (
            3,
            2,
            [
                "thawed: `gru` in epoch 2",
                "`embedding` was never trained: training ended in epoch 3, and `thaw_after` is 3",
            ],
        ),
    ],
)
def test_what_became_of_a_thaw_is_said_of_the_epochs_and_weights_of_the_run(
    epochs: int, kept: int | None, remarks: list[str]
) -> None:
    assert list(remarks_on_thawing(STACK, epochs, kept)) == remarks
