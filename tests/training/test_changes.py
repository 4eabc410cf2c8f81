"""What changed since a run began is named key by key, and refused unless it is accepted."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.config.load import config_of
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.resume import ResumeRequest
from tests.training.small_runs import (
    LIGHT,
    VALUES,
    Remarks,
    assert_same_run,
    resume_here,
    train_here,
    values_with,
)


@pytest.fixture
def stopped(reference: Path, tmp_path: Path) -> RunDirectory:
    """A run whose training is done, but not its scores."""
    run = RunDirectory(tmp_path / "run")
    shutil.copytree(reference, run.path)
    run.metrics.unlink()
    return run


ACCEPTABLE = "--accept-changes"
NEW_RUN = "rnnbuild train CONFIG --from "


def refusals(
    run: RunDirectory, values: dict[str, Any] = VALUES, hints: tuple[str, ...] = (ACCEPTABLE,)
) -> list[str]:
    """What changed, in the words of the refusal; nothing of the run is touched by it.

    Changes that are not refused only until they are accepted have other `hints`.
    """
    before = {path.name: path.read_bytes() for path in run.path.iterdir() if path.is_file()}
    with pytest.raises(RunError) as caught:
        resume_here(run.path, values, accept_changes=ACCEPTABLE not in hints)
    after = {path.name: path.read_bytes() for path in run.path.iterdir() if path.is_file()}
    del before["lock"], after["lock"]
    assert after == before
    hint = caught.value.problems[-1].hint
    assert hint is not None
    assert [each for each in (ACCEPTABLE, NEW_RUN) if each in hint] == list(hints)
    start = f"since {run.path} began, "
    return [problem.message.removeprefix(start) for problem in caught.value.problems]


def edit(path: Path, **changes: Any) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")


def test_a_changed_config_is_reported_key_by_key(stopped: RunDirectory) -> None:
    changed = values_with(batch_size=8, clip_norm=None, seed=2)
    assert refusals(stopped, changed) == [
        "`training.batch_size` was 16 and is now 8",
        "`training.clip_norm` was 1.0 and is now not set",
        "`training.seed` was 1 and is now 2",
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tensorflow", "2.0.0"),
        ("keras", "3.0.0"),
        ("rnnbuild", "0.0.1"),
        ("onednn", "another"),
        ("xla_flags", "--xla_cpu_enable_fast_math=true"),
        ("determinism", False),
        ("device", "/GPU:0"),
        ("processor", "another"),
    ],
)
def test_a_setting_that_affects_bit_exactness_is_named(
    stopped: RunDirectory, key: str, value: Any
) -> None:
    edit(stopped.environment, **{key: value})
    (change,) = refusals(stopped)
    assert change.startswith(f"`{key}` was {value} and is now ")


def test_changed_threads_are_named(stopped: RunDirectory) -> None:
    edit(stopped.environment, threads={"intra_op": 7, "inter_op": 7})
    assert refusals(stopped) == ["`RNNBUILD_THREADS` was 7 and is now not set"]
    # As a program may have made them.
    edit(stopped.environment, threads={"intra_op": 7, "inter_op": 0})
    (change,) = refusals(stopped)
    assert change.startswith("`threads` was {'intra_op': 7")


def test_a_run_begins_again_where_the_machine_changed_if_it_may(
    stopped: RunDirectory, reference: Path
) -> None:
    edit(stopped.environment, threads={"intra_op": 7, "inter_op": 7})
    remarks = Remarks()
    resume_here(stopped.path, observer=remarks, begin_again=True)
    begins, *_ = remarks.texts
    change = "`RNNBUILD_THREADS` was 7 and is now not set"
    assert begins == f"{stopped.path} begins again: {change}"
    assert f"{stopped.path} has no checkpoint yet: it starts from the beginning" in remarks.texts
    assert_same_run(stopped.path, reference)
    recorded = json.loads(stopped.environment.read_text(encoding="utf-8"))
    assert recorded["threads"]["intra_op"] != 7


def test_a_run_whose_config_changed_does_not_begin_again(stopped: RunDirectory) -> None:
    edit(stopped.environment, threads={"intra_op": 7, "inter_op": 0})
    with pytest.raises(RunError, match=r"`training\.batch_size` was 16 and is now 8"):
        resume_here(stopped.path, values_with(batch_size=8), begin_again=True)


def test_a_limit_on_the_whole_training_counts_what_came_before() -> None:
    def limit(total: float | None, now: float | None) -> float | None:
        request = ResumeRequest(config_of(LIGHT), Path(), now, total_seconds=total)
        return request.seconds_from(TrainingState(seconds=40.0))

    assert [limit(60, None), limit(30, None), limit(60, 10), limit(None, 10)] == [20, 0, 10, 10]
    assert limit(None, None) is None


class Texts:
    """A run on a file of texts, all different, of so many words; and its config."""

    def __init__(self, folder: Path, words: tuple[str, ...] = ("end",), **data: Any):
        self.file = folder / "train.csv"
        self.rows = [
            f"{f'{word} ' * (number + 1)},{'xy'[number % 2]}"
            for number in range(40)
            for word in words
        ]
        self.write()
        layers = [{"cell": "simple_rnn", "units": 2}]
        self.values: dict[str, Any] = {
            "data": {"train": str(self.file), **data},
            "model": {"embedding": {"output_dim": 2}, "layers": layers},
            "training": {"epochs": 1},
        }
        self.run = RunDirectory(folder / "run")
        train_here(self.run.path, self.values)

    def write(self) -> None:
        self.file.write_text("\n".join(["text,label", *self.rows]), encoding="utf-8")

    def with_data(self, **data: Any) -> dict[str, Any]:
        return {**self.values, "data": {**self.values["data"], **data}}


def of_data(changes: list[str]) -> list[str]:
    """Those of files and encoding; lengths of texts may change with them."""
    return [change for change in changes if change.startswith("the ")]


def test_changed_data_is_named(tmp_path: Path) -> None:
    tests = tmp_path / "tests.csv"
    tests.write_text("text,label\nend,x\n", encoding="utf-8")
    texts = Texts(tmp_path, validation=str(tests), test=str(tests))
    texts.rows[7] = texts.rows[7].replace("end", "End")
    texts.write()
    (change,) = refusals(texts.run, texts.values, (ACCEPTABLE, NEW_RUN))
    assert change.startswith(f"the data file {texts.file.name} was ")
    assert "bytes (sha256 " in change
    resume_here(texts.run.path, texts.values, accept_changes=True)


def test_rows_of_before_are_never_tested_on_by_accident(tmp_path: Path) -> None:
    texts = Texts(tmp_path)
    assert refusals(texts.run, texts.with_data(split={"seed": 2}), (NEW_RUN,))[-1] == (
        "`data.split.seed` was not set and is now 2"
    )
    folds = refusals(texts.run, texts.with_data(split={"folds": 2}), (NEW_RUN,))
    assert "`data.split.folds` was not set and is now 2" in folds
    texts.rows.append("end " * 41 + ",x")
    texts.write()
    (change,) = of_data(refusals(texts.run, texts.values, (NEW_RUN,)))
    assert change.startswith("the data file train.csv was ")


def test_weights_are_never_read_by_other_numbers_of_words(tmp_path: Path) -> None:
    texts = Texts(tmp_path, ("dot", "end"), split={"validation": 0, "test": 0})
    texts.rows.append("end,y")  # of the same two words, this is the more common one now
    texts.write()
    file, encoding = of_data(refusals(texts.run, texts.values, (NEW_RUN,)))
    assert file.startswith("the data file train.csv was ")
    assert encoding == "the encoding of the data was as in codec.json and is now different"


def test_a_file_that_is_no_longer_read_is_not_called_missing(tmp_path: Path) -> None:
    texts = Texts(tmp_path)
    other = tmp_path / "more.csv"
    other.write_text(texts.file.read_text(encoding="utf-8") + "\nend end,x", encoding="utf-8")
    refused = refusals(texts.run, texts.with_data(train=str(other)), (NEW_RUN,))
    before, now = of_data(refused)
    assert before.startswith("the data file train.csv was ")
    assert before.endswith(") and is now no longer read")
    assert now.startswith("the data file more.csv was not read and is now ")


def data_files(run: RunDirectory) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = json.loads(run.data.read_text(encoding="utf-8"))["files"]
    return files


def test_changed_rows_of_a_generated_dataset_are_named(stopped: RunDirectory) -> None:
    (rows,) = data_files(stopped)
    assert rows["name"] == "amazon"
    edit(stopped.data, files=[{**rows, "sha256": "0" * 64}])
    (change,) = refusals(stopped, hints=(ACCEPTABLE, NEW_RUN))
    assert change.startswith(f"the dataset amazon was {rows['size']:,} bytes (sha256 00000000...)")


def test_the_sources_of_a_generator_which_version_0_1_recorded_are_not_compared(
    stopped: RunDirectory,
) -> None:
    (rows,) = data_files(stopped)
    edit(stopped.data, files=[{**rows, "name": name} for name in ("amazon.py", "draw.py")])
    resume_here(stopped.path)
    assert stopped.metrics.is_file()


def test_data_of_a_run_of_version_0_1_is_still_compared_by_its_vocabulary(
    stopped: RunDirectory,
) -> None:
    (rows,) = data_files(stopped)
    edit(stopped.data, files=[{**rows, "name": name} for name in ("amazon.py", "draw.py")])
    codec = stopped.codec.read_text(encoding="utf-8")
    assert '"the"' in codec
    stopped.codec.write_text(codec.replace('"the"', '"thy"'), encoding="utf-8")
    (change,) = refusals(stopped, hints=(NEW_RUN,))
    assert change.startswith("the encoding of the data was as in codec.json")


def test_accepted_changes_take_effect_and_are_recorded(stopped: RunDirectory) -> None:
    changed = values_with(optimizer={"name": "adam", "learning_rate": 0.01}, epochs=7)
    resume_here(stopped.path, changed, accept_changes=True)
    (line,) = stopped.resumptions.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["changes"] == [
        "`training.epochs` was 6 and is now 7",
        "`training.optimizer.learning_rate` was 0.05 and is now 0.01",
    ]
    heard = Remarks()
    resume_here(stopped.path, changed, heard)  # what was accepted is not asked about again
    assert any("is finished after 7 epochs" in text for text in heard.texts)


def test_what_else_the_config_might_be_is_no_change(stopped: RunDirectory) -> None:
    alternatives = {"variants": {"units": [1, 2]}, "search": {"units": {"low": 1, "high": 9}}}
    resume_here(stopped.path, {**VALUES, **alternatives})
    assert stopped.metrics.is_file()


def test_a_change_of_the_model_cannot_be_accepted(stopped: RunDirectory) -> None:
    model = {**VALUES["model"], "embedding": {"output_dim": 7}}
    with pytest.raises(RunError, match="does not fit the changed config"):
        resume_here(stopped.path, {**VALUES, "model": model}, accept_changes=True)


def test_the_default_of_a_key_that_an_older_version_lacked_is_no_change(
    stopped: RunDirectory,
) -> None:
    text = stopped.resolved.read_text(encoding="utf-8")
    assert "  quote: double\n" in text
    stopped.resolved.write_text(text.replace("  quote: double\n", ""), encoding="utf-8")
    resume_here(stopped.path)
    assert stopped.metrics.is_file()
