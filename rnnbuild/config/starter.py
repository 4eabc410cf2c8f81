"""A network to begin with, and a training that is long enough for it to learn, by the data's sizes.

Measured on bundled datasets, a bidirectional GRU(64) in batches of 32, Adam at 3e-3 with a cosine
schedule; scores on 1,000 or more rows that are held out, of one seed each:

    rows to train on     steps: 300   1,000   3,000   1,000 at 1e-3
    reviews    200              0.48    0.48    0.48    0.47    accuracy; not learned from so few
    reviews    2,000            0.53    1.00    1.00    0.57
    intents    200              0.62    0.61    0.61    0.58
    intents    2,000            0.93    1.00    1.00    0.98
    languages  2,000            0.54    0.63    0.65    0.58
    languages  20,000           0.64    0.72    0.78    0.60
    entities   200              0.79    0.96    0.98    0.88    entity F1
    entities   2,000            0.60    1.00    1.00    0.98
    dates      2,000            0.01    0.46    0.87    0.06    exact matches, by characters
    dates      18,500           0.11    0.47    0.99    0.05

So what counts are steps, not epochs: 1,000 for labels and tags, 3,000 where a decoder writes, and
never fewer than 5 epochs, which is more steps from 6,000 rows on, up to 20,000. Further steps do no
harm, since the weights of the best evaluation are kept; 1,000 take 4 to 10 processor seconds for
short texts. With 32, 64 and 128 units, 1,000 steps: intents with 200 rows 0.60, 0.61 and 0.67,
languages with 2,000 rows 0.61, 0.63 and 0.64; 128 take 1.4 to 1.7 times as long as 32.
Early stopping is not proposed: with a patience of 3, reviews, intents and entities with 2,000 rows
had the same scores after the same steps, and languages 0.62; entities with 200 rows stopped after
246 steps at 0.89, with a patience of 5.
"""

from collections.abc import Iterator
from math import ceil

from rnnbuild.config.commented import Choice
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.traits import TaskTraits

STEPS = {"label": 1_000, "tags": 1_000, "text": 3_000, "numbers": 2_000, "next token": 3_000}
"""Steps of training by what is predicted."""
FEWEST_EPOCHS = 5
MOST_EPOCHS = 200
MOST_STEPS = 20_000
"""Steps after which training ends, however many examples there are."""
BATCH = 32
LARGE_BATCH, LARGE = 64, 10_000
"""The batch size from so many examples on: half the steps an epoch, each at little more cost."""


def starter(facts: DataFacts, examples: int) -> Iterator[Choice]:
    """The keys of `model` and `training`; `examples` are those to train on."""
    traits = TASKS[facts.task]
    yield from _model(facts, traits)
    batch = LARGE_BATCH if examples >= LARGE and traits.sees_what_follows else BATCH
    steps = STEPS[traits.target]
    wanted = ceil(steps * batch / max(1, examples))
    fewest = FEWEST_EPOCHS if traits.sees_what_follows else 1
    epochs = min(MOST_EPOCHS, max(fewest, wanted))
    an_epoch = ceil(examples / batch)
    epochs = min(epochs, ceil(MOST_STEPS / an_epoch))
    yield Choice(
        "training.epochs",
        epochs,
        f"{examples:,} {traits.example}s to train on make {plural(an_epoch, 'step')} an epoch: "
        f"{epochs * an_epoch:,} steps in all. The weights of the best evaluation are kept.",
    )
    if epochs * an_epoch > MOST_STEPS:
        because = (
            "Training ends earlier, since all steps would take hours; more of them may do more."
        )
        yield Choice("training.steps", MOST_STEPS, because)
        yield Choice("training.evaluate_every", MOST_STEPS // 10)
    yield Choice("training.batch_size", batch)
    rate = 2e-3 if traits.squared_error else 3e-3
    yield Choice("training.optimizer", {"name": "adam", "learning_rate": rate})
    yield Choice("training.schedule", "cosine", "The learning rate falls to 0 by the end.")
    if not traits.squared_error:
        yield Choice("training.clip_norm", 1)


def _model(facts: DataFacts, traits: TaskTraits) -> Iterator[Choice]:
    if traits.squared_error:
        yield Choice("model.layers", [{"cell": "gru", "units": 32}])
        return
    if not traits.sees_what_follows:
        yield Choice("model.embedding", {"output_dim": 32})
        layers = [{"cell": "gru", "units": 128}, {"kind": "dropout", "rate": 0.2}]
        yield Choice("model.layers", layers)
        return
    yield Choice("model.embedding", {"output_dim": 64})
    reader = {"cell": "gru", "units": 64, "bidirectional": True}
    if traits.has_decoder:
        writer = {"cell": "gru", "units": 128}
        because = "An encoder, its last state at every step, and a decoder."
        yield Choice("model.layers", [reader, {"kind": "repeat_vector"}, writer], because)
    else:
        yield Choice("model.layers", [{**reader, "dropout": 0.2}])
