"""The list of runs."""

from rnnbuild.runs.overview import Overview
from rnnbuild.wording.runs import runs_table


def test_a_language_models_score_is_called_by_its_tokens() -> None:
    keys = {"split": "test", "metric": "nats", "score": 2.5}
    runs = [
        Overview("runs/a", "finished", token="character", **keys),
        Overview("runs/b", "finished", **keys),
    ]
    table = runs_table(runs, [{}, {}])
    assert [row["what"] for row in table.rows] == [
        "test nats per character",
        "test nats per token",
    ]
