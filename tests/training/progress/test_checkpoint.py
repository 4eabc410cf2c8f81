"""A checkpoint is complete or missing, contains everything, and only those needed are kept."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.runs import checkpoint_content
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.checkpoint import (
    checkpoint_at,
    last_checkpoint,
    read_checkpoint,
    restore,
    save_checkpoint,
    variables_of,
)
from rnnbuild.training.progress.state import Best, Plateau, TrainingState
from rnnbuild.training.setup.session import Session, session_of
from tests.training.small_runs import VALUES, prepared_with, values_with


@pytest.fixture(scope="module")
def session() -> Session:
    _, prepared = prepared_with()
    return session_of(prepared)


def state_at(steps: int, best: int = 0) -> TrainingState:
    return TrainingState(
        epoch=2,
        step=3,
        steps=steps,
        loss=0.1 + 0.2,
        evaluation_due=True,
        history_lines=1,
        history=['{"epoch": 1, "loss": 0.25}\n'],
        timings=['{"epoch": 1, "seconds": 1.5}\n'],
        best=Best(score=1 / 3, steps=best, waited=2),
        plateau=Plateau(best=0.7, factor=0.1),
        seconds=1.5,
    )


def save(run: RunDirectory, session: Session, state: TrainingState) -> None:
    save_checkpoint(run, session, state)


def files_of(run: RunDirectory) -> list[str]:
    return sorted(path.name for path in run.checkpoints.iterdir())


def test_it_brings_back_every_variable_and_all_of_the_state(
    session: Session, tmp_path: Path
) -> None:
    run, state = RunDirectory(tmp_path), state_at(7)
    variables = variables_of(session)
    kinds = {name.split("-")[0] for name in variables}
    assert kinds == {"weight", "optimizer", "seed"}
    numbers = np.random.default_rng(1)
    for variable in variables.values():
        values = numbers.integers(0, 9, size=tuple(variable.shape))
        variable.assign(values.astype(variable.numpy().dtype))
    before = {name: variable.numpy() for name, variable in variables.items()}
    save(run, session, state)
    for variable in variables.values():
        variable.assign(np.zeros_like(variable.numpy()))
    saved = checkpoint_at(run, 7)
    assert saved is not None
    restore(saved, session)
    assert saved.state == state
    for name, variable in variables.items():
        assert np.array_equal(variable.numpy(), before[name]), name


def test_any_changed_byte_and_any_missing_end_is_found_out(
    session: Session, tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path)
    save(run, session, state_at(1))
    (path,) = run.checkpoints.iterdir()
    whole = path.read_bytes()
    for place in np.linspace(0, len(whole) - 1, 60).astype(int):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        assert read_checkpoint(path) is None, place
        path.write_bytes(whole[:place])
        assert read_checkpoint(path) is None, place
    path.write_bytes(whole)
    assert read_checkpoint(path) is not None


def test_the_last_two_and_the_best_of_each_are_kept(session: Session, tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    for steps, best in ((1, 1), (2, 1), (3, 3), (4, 3)):
        save(run, session, state_at(steps, best))
    assert files_of(run) == ["step-000000003.checkpoint", "step-000000004.checkpoint"]
    save(run, session, state_at(5, 3))
    save(run, session, state_at(6, 6))
    # Should the sixth be damaged, the fifth needs the third, which was its best.
    assert [int(name[5:14]) for name in files_of(run)] == [3, 5, 6]


def test_which_is_the_best_is_known_without_reading_the_weights(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path) -> None:
        raise AssertionError(f"{path} is read whole")

    monkeypatch.setattr(checkpoint_content, "read_content", fails)
    run = RunDirectory(tmp_path)
    for steps, best in ((1, 1), (2, 1), (3, 1)):
        save(run, session, state_at(steps, best))
    assert [int(name[5:14]) for name in files_of(run)] == [1, 2, 3]


def test_a_damaged_neighbour_is_no_reason_not_to_save(session: Session, tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    for content in (b"", b"digest\n{", b'digest\n{"best_steps": []}\n', b"digest\nPK"):
        save(run, session, state_at(1))
        (run.checkpoints / "step-000000001.checkpoint").write_bytes(content)
        save(run, session, state_at(2, 2))
        assert [int(name[5:14]) for name in files_of(run)] == [1, 2]


def test_what_a_killed_process_left_half_written_is_swept_away(
    session: Session, tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path)
    run.checkpoints.mkdir()
    (run.checkpoints / ".step-000000001.checkpoint.123.part").write_bytes(b"half")
    save(run, session, state_at(2))
    assert files_of(run) == ["step-000000002.checkpoint"]


def test_a_checkpoint_that_would_fill_the_memory_is_damaged(
    session: Session, tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path)
    save(run, session, state_at(1))
    (path,) = run.checkpoints.iterdir()
    checkpoint = read_checkpoint(path)
    assert checkpoint is not None
    state = np.frombuffer(json.dumps(checkpoint.state.as_json()).encode(), np.uint8)

    packed = io.BytesIO()
    np.savez_compressed(packed, state=state, **{"weight-0000": np.zeros(10**7, np.float32)})
    claims = io.BytesIO()
    with zipfile.ZipFile(claims, "w") as archive:
        header = io.BytesIO()
        described = {"descr": "<f4", "fortran_order": False, "shape": (10**15,)}
        np.lib.format.write_array_header_1_0(header, described)
        archive.writestr("weight-0000.npy", header.getvalue())
    for content in (packed.getvalue(), claims.getvalue()):
        assert len(content) < 10**5
        path.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        assert read_checkpoint(path) is None


def test_each_damaged_checkpoint_is_named_and_an_older_one_found(
    session: Session, tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path)
    for steps in (1, 2):
        save(run, session, state_at(steps))
    newest = run.checkpoints / "step-000000002.checkpoint"
    newest.write_bytes(b"")
    checkpoint, warnings = last_checkpoint(run)
    assert checkpoint is not None
    assert checkpoint.state.steps == 1
    assert warnings == [f"the checkpoint {newest} is damaged; the one before it is used"]
    assert last_checkpoint(RunDirectory(tmp_path / "none")) == (None, [])


@pytest.mark.parametrize(
    "values",
    [
        values_with(optimizer="sgd"),
        {**VALUES, "model": {**VALUES["model"], "embedding": {"output_dim": 7}}},
    ],
    ids=["optimizer", "model"],
)
def test_it_is_not_loaded_into_another_model_or_optimizer(
    session: Session, tmp_path: Path, values: dict[str, object]
) -> None:
    run = RunDirectory(tmp_path)
    save(run, session, state_at(1))
    saved = checkpoint_at(run, 1)
    assert saved is not None
    _, prepared = prepared_with(values)
    other = session_of(prepared)
    before = other.model.get_weights()
    with pytest.raises(ValueError, match=r"expected .*, got "):
        restore(saved, other)
    for left, right in zip(other.model.get_weights(), before, strict=True):
        assert np.array_equal(left, right)
