"""What early stopping and a plateau watch must exist, and there must be rows to score."""

import pytest

from rnnbuild.errors import ConfigError
from rnnbuild.training.setup.watched import watching_of
from tests.training.small_runs import VALUES, prepared_with, values_with


def test_the_main_metric_is_watched_where_none_is_named() -> None:
    _, prepared = prepared_with(values_with(early_stopping={}, schedule="plateau"))
    watching = watching_of(prepared.resolved)
    assert (watching.best.name, watching.best.higher_is_better) == ("token_accuracy", True)
    assert watching.plateau is not None
    assert (watching.plateau.name, watching.plateau.higher_is_better) == ("loss", False)


@pytest.mark.parametrize("key", ["early_stopping", "schedule"])
def test_a_metric_that_the_task_lacks_is_refused_with_those_it_has(key: str) -> None:
    section = {"metric": "macro_f2"} | ({"name": "plateau"} if key == "schedule" else {})
    with pytest.raises(ConfigError) as caught:
        prepared_with(values_with(**{key: section}))
    (problem,) = caught.value.problems
    assert problem.message == ("`macro_f2` is not a metric of this task (did you mean `macro_f1`?)")
    assert problem.hint == "its metrics are: loss, token_accuracy, macro_f1"


@pytest.mark.parametrize(
    ("key", "value"), [("early_stopping", {}), ("schedule", "plateau"), ("evaluate_every", 2)]
)
def test_what_watches_an_evaluation_needs_validation_rows(
    key: str, value: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("data") / "train.csv"
    rows = [f"word{number} end,{'xy'[number % 2]}" for number in range(20)]
    file.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    data = {"train": str(file), "split": {"validation": 0, "test": 2}}
    with pytest.raises(ConfigError, match=f"`{key}` needs validation rows"):
        prepared_with({**VALUES, "data": data, "training": {key: value}})
