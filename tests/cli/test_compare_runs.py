"""`rnnbuild compare runs/a runs/b`: trained runs side by side, from their records alone."""

import csv
import gzip
import io
import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from rnnbuild.reports.blocks import Examples
from rnnbuild.reports.page import page_of
from rnnbuild.runs.answers_file import read_answers, write_answers
from rnnbuild.runs.directory import RunDirectory
from tests import small_runs
from tests.cli.command import Result, rnnbuild, widest
from tests.runs.fixture import copy_of_the_run

CONFIGS = {
    "label": small_runs.classify_config,
    "labels": small_runs.labels_config,
    "tags": small_runs.tag_config,
    "text": small_runs.translate_config,
    "series": small_runs.series_config,
    "next token": small_runs.language_config,
}

ROWS = 48
"""Of the test split."""
SPLIT = {"split": {"validation": 12, "test": ROWS}}


def trained(folder: Path, make: Callable[[Path], Path], **changes: Any) -> Path:
    """A run of the config with other keys of `training`, or of `data` in a mapping of its own."""

    def changed(inside: Path) -> Path:
        path = make(inside)
        values = yaml.safe_load(path.read_text())
        values["data"] |= changes.get("data", {})
        values["training"] |= {key: value for key, value in changes.items() if key != "data"}
        path.write_text(yaml.safe_dump(values))
        return path

    folder.mkdir(parents=True)
    run = small_runs.trained_run(folder, changed)
    return run.rename(folder.with_name(f"{folder.name}-1"))


@pytest.fixture(scope="module", params=CONFIGS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, make = tmp_path_factory.mktemp(request.param), CONFIGS[request.param]
    return [trained(folder / name, make, seed=seed) for name, seed in (("a", 1), ("b", 2))]


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three runs on texts of two labels."""
    folder, make = tmp_path_factory.mktemp("reviews"), small_runs.classify_config
    return [
        trained(folder / "a", make, epochs=15, data=SPLIT),
        trained(folder / "b", make, epochs=1, data=SPLIT),
        trained(folder / "c", make, epochs=2, data=SPLIT, seed=3),
    ]


def compared(*runs: Path, form: str = "json") -> Result:
    result = rnnbuild("compare", *runs, "--format", form)
    assert result.code == 0, result.err
    return result


def error_of(*arguments: str | Path) -> str:
    result = rnnbuild("compare", *arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.count("error:") == 1
    return " ".join(result.err.split())


def test_runs_of_every_task_are_compared_by_their_own_scores(pair):
    document = compared(*pair).json
    for run, shown in zip(pair, document["runs"], strict=True):
        saved = json.loads((run / "metrics.json").read_text())
        assert shown["run"] == str(run)
        assert shown["scores"] == {
            name: {"no_interval": None, **score} for name, score in saved["scores"]["test"].items()
        }
        assert shown["parameters"] == saved["parameters"]
        assert document["metric"] == saved["main"]
    (difference,) = document["differences"]
    for name, each in difference["by_metric"].items():
        ours, theirs = (run["scores"][name]["value"] for run in reversed(document["runs"]))
        if ours is not None and theirs is not None:
            assert abs(each["value"]) == pytest.approx(abs(ours - theirs), abs=1e-12), name
    assert [run["differs"] for run in document["runs"]] == [{"seed": 1}, {"seed": 2}]


def test_tables_of_every_task_fit_in_80_columns_and_say_what_they_are_about(pair):
    result = compared(*pair, form="table")
    assert widest(result.out) <= 80 + max(len(str(run)) for run in pair)
    assert "about these trained models on other examples, not about other seeds" in " ".join(
        result.out.split()
    )
    assert compared(*pair, form="markdown").out.count("| ---") >= 2


def test_the_rows_on_which_runs_differ_are_those_of_predict(reviews):
    """The models answer once more, which the comparison does not let them do."""
    document = compared(*reviews[:2]).json
    (difference,) = document["differences"]
    assert difference["worse"]["count"] > 0
    for kind, better, worse in (("better", 1, 0), ("worse", 0, 1)):
        rows = difference[kind]["rows"]
        assert len(rows) == min(10, difference[kind]["count"])
        sure = [row["worse"]["probability"] for row in rows]
        assert sure == sorted(sure, reverse=True)
        for row in rows:
            for role, number in (("better", better), ("worse", worse)):
                answer = rnnbuild("predict", reviews[number], row["text"], "--format", "json")
                (predicted,) = answer.json
                assert row[role]["prediction"] == predicted["prediction"]
                assert row[role]["probability"] == pytest.approx(predicted["probability"], abs=1e-5)
            assert row["better"]["prediction"] == row["target"] != row["worse"]["prediction"]


def test_the_numbers_of_rows_are_those_that_make_up_the_difference(reviews):
    document = compared(*reviews[:2]).json
    (difference,) = document["differences"]
    gap = difference["better"]["count"] - difference["worse"]["count"]
    assert difference["by_metric"]["accuracy"]["value"] == pytest.approx(gap / document["rows"])


def test_a_worse_run_is_called_so_and_the_order_turns_the_verdict(reviews):
    good, bad, _ = reviews
    for first, second, word in ((good, bad, "worse"), (bad, good, "better")):
        document = compared(first, second).json
        (difference,) = document["differences"]
        accuracy = difference["by_metric"]["accuracy"]
        assert accuracy["verdict"] == word
        assert accuracy["p"] <= 0.05
        assert f"{second} is {word} than {first}: accuracy" in document["conclusions"][0]


def test_several_runs_are_compared_with_the_first_and_their_p_values_corrected(reviews):
    document = compared(*reviews).json
    assert [each["run"] for each in document["differences"]] == [str(run) for run in reviews[1:]]
    p_values = [each["by_metric"]["accuracy"]["p"] for each in document["differences"]]
    adjusted = [each["by_metric"]["accuracy"]["adjusted_p"] for each in document["differences"]]
    smaller = min(p_values)
    assert adjusted[p_values.index(smaller)] == pytest.approx(min(1, 2 * smaller))
    words = " ".join(compared(*reviews, form="table").out.split())
    assert "adjusted by Holm for 2 runs" in words


def test_csv_has_a_row_for_each_run_and_metric(reviews):
    rows = list(csv.DictReader(io.StringIO(compared(*reviews, form="csv").out)))
    document = compared(*reviews).json
    metrics = list(document["runs"][0]["scores"])
    assert [(row["run"], row["metric"]) for row in rows] == [
        (str(run), metric) for run in reviews for metric in metrics
    ]
    for row in rows[len(metrics) :]:
        (each,) = (d for d in document["differences"] if d["run"] == row["run"])
        by_metric = each["by_metric"][row["metric"]]
        assert float(row["difference"]) == by_metric["value"]
        assert row["verdict"] == by_metric["verdict"]
    assert rows[0]["reference"] == ""


def test_nothing_but_the_records_is_needed(reviews, tmp_path):
    """Neither the data nor the model."""
    copies = []
    for run in reviews[:2]:
        copy = Path(shutil.copytree(run, tmp_path / run.name))
        for name in ("model.keras", "codec.json", "data.json", "facts.json"):
            if name != "facts.json":
                (copy / name).unlink()
        shutil.rmtree(copy / "checkpoints")
        copies.append(copy)
    ours, theirs = compared(*copies).json, compared(*reviews[:2]).json
    assert ours["differences"][0]["by_metric"] == theirs["differences"][0]["by_metric"]


def test_runs_beside_configs_or_studies_are_one_clear_error(reviews, tmp_path):
    run = reviews[0]
    assert f"{run} is a run, and classic a config" in error_of(run, "classic")
    (tmp_path / "a.yaml").write_text("model: {}")
    assert "a config: the two have nothing" in error_of(tmp_path / "a.yaml", run)
    assert "--vary is for configs" in error_of(run, reviews[1], "--vary", "cell=gru,lstm")
    assert "--sort is for configs" in error_of(run, reviews[1], "--sort", "memory")
    study = tmp_path / "study"
    study.mkdir()
    (study / "plan.json").write_text("{}")
    for arguments in ([study], [study, run], [study, study]):
        text = error_of(*arguments)
        assert f"{study} is a study" in text
        studies = [str(each) for each in arguments if each == study]
        assert f"rnnbuild report {' '.join(studies)} writes a page" in text


def test_one_run_or_the_same_one_twice_is_one_clear_error(reviews, tmp_path):
    run = reviews[0]
    assert f"{run} is one run: there is nothing to compare it with" in error_of(run)
    link = tmp_path / "latest"
    link.symlink_to(run)
    assert f"{link} is the same run as {run}" in error_of(run, link)
    assert f"there is no run {run}x" in error_of(run, f"{run}x")
    assert f"{tmp_path} is not a run" in error_of(run, tmp_path)
    assert f"(did you mean `{run}`?)" in error_of(f"{run}x", f"{run}y")


def test_a_run_that_has_not_finished_is_named_with_the_command_that_finishes_it(reviews, tmp_path):
    copy = Path(shutil.copytree(reviews[1], tmp_path / "b"))
    (copy / "metrics.json").unlink()
    text = error_of(reviews[0], copy)
    assert f"{copy} has not finished" in text
    assert f"rnnbuild resume {copy}" in text


def test_runs_without_a_record_are_named_with_the_commands_that_write_it(reviews, tmp_path):
    copies = [Path(shutil.copytree(run, tmp_path / run.name)) for run in reviews[:2]]
    for copy in copies:
        RunDirectory(copy).answers("test").unlink()
    result = rnnbuild("compare", *copies)
    assert result.code == 2
    commands = re.findall(r"write it: rnnbuild (.*)", result.err)
    assert commands == [f"evaluate {copy}" for copy in copies]
    for command in commands:
        assert rnnbuild(*command.split()).code == 0
    ours, theirs = compared(*copies).json, compared(*reviews[:2]).json
    assert ours["differences"][0]["by_metric"] == theirs["differences"][0]["by_metric"]


def test_a_run_of_an_older_version_is_compared_once_it_was_evaluated(tmp_path):
    runs = [copy_of_the_run(tmp_path / name).path for name in ("old", "other")]
    text = rnnbuild("compare", *runs).err
    assert text.count("has no record of its test answers, answers-test.json.gz") == 2
    for command in re.findall(r"write it: rnnbuild (.*)", text):
        result = rnnbuild(*command.split())
        assert result.code == 0, result.err
    # Lines are as long as the paths leave them.
    assert "do not differ" in " ".join(compared(*runs, form="table").out.split())


def test_scores_by_other_metrics_of_an_older_version_are_named(reviews, tmp_path):
    copy = Path(shutil.copytree(reviews[1], tmp_path / "b"))
    metrics = json.loads((copy / "metrics.json").read_text())
    for part in ("scores", "baselines"):
        text = json.dumps(metrics[part]).replace('"accuracy"', '"hits"')
        metrics[part] = json.loads(text)
    metrics["main"] = "hits"
    (copy / "metrics.json").write_text(json.dumps(metrics))
    text = error_of(reviews[0], copy)
    assert f"{copy} has no accuracy in its metrics.json" in text
    assert f"`rnnbuild resume {copy}` scores it again" in text


def test_other_test_rows_are_counted(reviews, tmp_path):
    other = trained(
        tmp_path / "other",
        small_runs.classify_config,
        data={"split": {**SPLIT["split"], "seed": 7}},
        epochs=1,
    )
    text = error_of(reviews[0], other)
    known, others = (read_answers(RunDirectory(run), "test").digests for run in (reviews[0], other))
    same = len(known) - len(list(filter(lambda one: one not in others, known)))
    assert f"were scored on different test rows: {same} of {ROWS} and {ROWS} are the same" in text
    assert "the configs differ in `data.split.seed`" in text


def test_a_changed_target_is_another_row(reviews, tmp_path):
    """One text of the test split has another label."""

    def relabelled(folder: Path) -> Path:
        path = small_runs.classify_config(folder)
        lines = (folder / "reviews.csv").read_text().splitlines()
        text = read_answers(RunDirectory(reviews[0]), "test").texts[0]
        (place,) = (n for n, line in enumerate(lines) if f",{text}," in line)
        words = lines[place].split(",")
        words[2] = "good" if words[2] == "bad" else "bad"
        lines[place] = ",".join(words)
        (folder / "reviews.csv").write_text("\n".join(lines))
        return path

    other = trained(tmp_path / "other", relabelled, data=SPLIT, epochs=1)
    assert f"{ROWS - 1} of {ROWS} and {ROWS} are the same" in error_of(reviews[0], other)


def test_other_tasks_and_other_labels_cannot_be_compared(reviews, tmp_path):
    tags = trained(tmp_path / "tags", small_runs.tag_config, epochs=1)
    assert "are scored by other metrics (accuracy," in error_of(reviews[0], tags)
    copy = RunDirectory(Path(shutil.copytree(reviews[1], tmp_path / "b")))
    path = copy.answers("test")
    document = json.loads(gzip.decompress(path.read_bytes()))
    document["answers"]["labels"][0] = "awful"
    path.write_bytes(gzip.compress(json.dumps(document).encode()))
    assert "know different labels: `awful` is known to one" in error_of(reviews[0], copy.path)


def with_test_file(inside: Path, **keys: Any) -> Path:
    return small_runs.language_config(inside, test="reviews.txt", **keys)


def test_language_models_of_other_tokens_can_be_compared_by_character_alone(tmp_path):
    known, words, few = (
        trained(tmp_path / name, partial(with_test_file, **keys))
        for name, keys in (
            ("a", {}),
            ("b", {"level": "word"}),
            ("c", {"level": "word", "vocabulary": {"size": 5}}),
        )
    )
    characters, other = (json.loads((run / "metrics.json").read_text()) for run in (known, words))
    error = error_of(known, words)
    assert "bits per character of the same text can" in error
    assert "predict other tokens of the test text" in error
    for metrics in (characters, other):
        assert f"{metrics['text']['test']['tokens']:,}" in error
        assert f"{metrics['scores']['test']['bits_per_character']['value']:.4f}" in error
    error = error_of(known, few)
    assert "nor can bits per character here: " in error
    assert f"tokens are unknown to {few}, and their spelling costs it nothing" in error


def test_bits_per_character_of_other_texts_are_not_offered(language_run, tmp_path):
    words, other = (
        trained(tmp_path / name, partial(small_runs.language_config, level="word", lines=lines))
        for name, lines in (("a", 300), ("b", 310))
    )
    error = error_of(language_run, words)
    assert "nor can bits per character here: shares of different tokens are other parts" in error
    assert "nor can bits per character here: their data is not the same (reviews.txt)" in error_of(
        language_run, other
    )


def test_a_language_model_that_expects_more_is_better_and_its_passages_are_shown(tmp_path):
    make = partial(small_runs.language_config, lines=1500, split={"validation": 0.3, "test": 0.4})
    shorter, longer = (
        trained(tmp_path / f"for-{epochs}", make, epochs=epochs) for epochs in (1, 3)
    )
    document = compared(shorter, longer).json
    (difference,) = document["differences"]
    nats = difference["by_metric"]["nats"]
    assert nats["value"] > 0 and nats["low"] > 0 and nats["p"] < 0.001
    assert difference["by_metric"]["token_accuracy"]["verdict"] == "better"
    assert difference["better"]["count"] == nats["count"] == document["rows"]
    gaps = [
        row["worse"]["prediction"][0] - row["better"]["prediction"][0]
        for row in difference["better"]["rows"]
    ]
    assert gaps == sorted(gaps, reverse=True) and gaps[-1] > 0
    shown = " ".join(compared(shorter, longer, form="table").out.split())
    assert f"{longer} is less surprised than {shorter}" in shown
    assert "passage by passage" in shown
    (differing, *_) = (b for b in page_of([shorter, longer]).blocks if isinstance(b, Examples))
    assert "for-3-1 is less surprised than for-1-1" in differing.title
    assert not any(example.target for example in differing.examples)
    assert all("nats per token" in example.more for example in differing.examples)


def damaged(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    def apply(content: bytes) -> bytes:
        document = json.loads(gzip.decompress(content))
        change(document)
        return gzip.compress(json.dumps(document).encode())

    return apply


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[: len(content) // 2],
    "not compressed": gzip.decompress,
    "a byte changed": lambda content: content[:-20] + b"\0" + content[-19:],
    "empty": lambda content: b"",
    "no JSON": lambda content: gzip.compress(b"{"),
    "a label that there is not": damaged(lambda d: d["answers"]["targets"].append(9)),
    "a column too short": damaged(lambda d: d["texts"].pop()),
    "a number out of range": damaged(lambda d: d["answers"]["predictions"].__setitem__(0, 7)),
    "another width": damaged(lambda d: d["answers"]["probabilities"][0].extend([0.1, 0.2])),
    "no probabilities": damaged(lambda d: d["answers"].pop("probabilities")),
    "not a number": damaged(lambda d: d["answers"]["probabilities"][0].__setitem__(0, "x")),
    "an unknown key": damaged(lambda d: d.update(more=1)),
    "fewer rows than it says": damaged(lambda d: d.update(count=99)),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_record_is_one_clear_error(kind, reviews, tmp_path):
    copy = RunDirectory(Path(shutil.copytree(reviews[1], tmp_path / "b")))
    path = copy.answers("test")
    path.write_bytes(DAMAGE[kind](path.read_bytes()))
    text = error_of(reviews[0], copy.path)
    assert f"{path} is damaged" in text
    assert "delete it, and `rnnbuild evaluate` writes it again" in text


def test_a_record_of_a_later_version_is_not_read(reviews, tmp_path):
    copy = RunDirectory(Path(shutil.copytree(reviews[1], tmp_path / "b")))
    path = copy.answers("test")
    path.write_bytes(damaged(lambda d: d.update(format=2))(path.read_bytes()))
    assert "has format 2, but this version" in error_of(reviews[0], copy.path)


def test_samples_are_compared_on_the_rows_that_both_have(reviews, tmp_path):
    """As of splits that are too large to be recorded whole."""
    copies = []
    for run, left in zip(reviews[:2], (range(ROWS), range(3, ROWS)), strict=True):
        copy = RunDirectory(Path(shutil.copytree(run, tmp_path / run.name)))
        write_answers(copy, some_rows(read_answers(copy, "test"), list(left)))
        copies.append(copy.path)
    document = compared(*copies).json
    assert (document["rows"], document["compared"]) == (ROWS, ROWS - 3)
    assert document["differences"][0]["by_metric"]["accuracy"]["count"] == ROWS - 3
    assert f"over the {ROWS - 3} of {ROWS} rows whose answers both records have" in " ".join(
        document["conclusions"]
    )


def some_rows(record: Any, places: list[int]) -> Any:
    from dataclasses import replace

    def of(column: Any) -> Any:
        return tuple(column[place] for place in places)

    answers = record.answers
    return replace(
        record,
        rows=tuple(place + 1 for place in places),
        digests=of(record.digests),
        texts=of(record.texts),
        lengths=of(record.lengths),
        answers=replace(
            answers,
            targets=of(answers.targets),
            predictions=of(answers.predictions),
            probabilities=of(answers.probabilities),
        ),
    )
