"""Recurrent Keras networks from one YAML file.

    config = rnnbuild.load("config.yaml")        # checked, with all problems at once; or a dict
    cost = rnnbuild.summary("config.yaml")       # parameters and other costs, without TensorFlow
    rnnbuild.explain("config.yaml")              # each layer's equations and counts
    rnnbuild.compare("config.yaml", vary={"cell": ["gru", "lstm"]})
    model = rnnbuild.build("config.yaml")        # a keras.Sequential
    outcome = rnnbuild.train("config.yaml")      # the same as `rnnbuild train`; outcome.open()
    rnnbuild.study("config.yaml", {"cell": ["gru", "lstm"]}, seeds=5)
    run = rnnbuild.open_run("runs/latest")       # what `rnnbuild predict` answers with
    answers = run.predict(["a text", "another"])
    text = run.generate("a text that goes on")   # of a language model, as `rnnbuild generate`
    cost = run.surprise("a text").nats           # and what each of its words and tokens cost
    stream = rnnbuild.open_stream("runs/latest")  # what `rnnbuild stream` answers with

What they return shows itself, in a console and in a notebook, as the command of the same name does.
Importing rnnbuild is fast: a function imports what it needs when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Literal

    from rnnbuild.config.schema import Config
    from rnnbuild.config.stack import ResolvedConfig
    from rnnbuild.config.yaml_tree import Tree
    from rnnbuild.inference.stream.live import LiveStream
    from rnnbuild.inference.trained_run import TrainedRun
    from rnnbuild.results.costs import Comparison, Explanations, Summary
    from rnnbuild.results.study import Study
    from rnnbuild.results.trained import Trained

__all__ = [
    "__version__",
    "build",
    "compare",
    "explain",
    "load",
    "open_run",
    "open_stream",
    "study",
    "summary",
    "train",
]


def load(
    config: str | Path | Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> Config:
    """The checked config from a YAML file, a bundled config by its name, or one built as a dict.

    `settings` change keys as `--set` does: `{"units": 64, "training.epochs": 3}`.
    Raises ConfigError with all problems at once.
    """
    return _checked(_written(config, settings))


def summary(
    config: str | Path | Mapping[str, Any] | Config,
    settings: Mapping[str, Any] | None = None,
    data_dir: str | Path | None = None,
) -> Summary:
    """The cost of each layer and of the whole model; TensorFlow is not loaded.

    Data files are relative to `data_dir`; by default to the config's folder, or for a config that
    is no file to the current folder. Raises ConfigError, DataError.
    """
    from rnnbuild.results.costs import summary_of

    return summary_of(_resolved(config, settings, data_dir))


def explain(
    config: str | Path | Mapping[str, Any] | Config,
    settings: Mapping[str, Any] | None = None,
    data_dir: str | Path | None = None,
) -> Explanations:
    """Each layer's equations and how its parameters are counted, as `rnnbuild explain` shows them.

    Arguments and errors are those of `summary`.
    """
    from rnnbuild.results.costs import explanations_of

    return explanations_of(_resolved(config, settings, data_dir))


def compare(
    *configs: str | Path | Mapping[str, Any] | Config,
    vary: Mapping[str, Iterable[Any]] | None = None,
    settings: Mapping[str, Any] | None = None,
    equal_parameters: int | Literal["first"] | None = None,
    data_dir: str | Path | None = None,
) -> Comparison:
    """Models side by side, each against the first, as `rnnbuild compare` shows them.

    Each config stands with every combination of the alternatives of `vary`, `{"units": [32, 64]}`;
    by default those of its `variants:` section. With `equal_parameters`, a number or "first", the
    `units` of each are chosen so that its parameters come nearest.
    Raises ArgumentError for no config, and for what contradicts itself; ConfigError, DataError.
    """
    from rnnbuild.analysis.comparison import Candidate
    from rnnbuild.config.variants import axis_from_program, variants_of
    from rnnbuild.data.resolved import resolve_together
    from rnnbuild.errors import ArgumentError
    from rnnbuild.results.costs import comparison_of

    if not configs:
        raise ArgumentError("there is nothing to compare", 'name a config: compare("classic")')
    axes = [axis_from_program(key, values) for key, values in (vary or {}).items()]
    candidates = []
    for config in configs:
        variants = variants_of(_written(config, settings), axes)
        each = resolve_together((v.config for v in variants), _folder(config, data_dir))
        candidates += [
            Candidate(variant.config.name, variant.settings, resolved)
            for variant, resolved in zip(variants, each, strict=True)
        ]
    return comparison_of(candidates, equal_parameters)


def build(
    config: str | Path | Mapping[str, Any] | Config,
    settings: Mapping[str, Any] | None = None,
    data_dir: str | Path | None = None,
) -> Any:
    """The `keras.Sequential` that a config describes, with its initial weights.

    Vectors of `model.embedding.pretrained` are loaded into it, which requires the data, since they
    are those of the vocabulary's words; so are the weights of the run that `training.from_run`
    names. Arguments and errors are those of `summary`.
    """
    from rnnbuild.training.setup.pretrained import vectors_file
    from rnnbuild.training.setup.start import initial_model

    loaded, folder = _loaded(config, settings, data_dir)
    if vectors_file(loaded, folder) is not None or loaded.training.from_run is not None:
        from rnnbuild.training.setup.prepare import prepare

        prepared = prepare(loaded, folder)
        return initial_model(prepared.resolved, prepared.vectors, prepared.start)
    return initial_model(_resolved(loaded, None, folder))


def train(
    config: str | Path | Mapping[str, Any] | Config,
    settings: Mapping[str, Any] | None = None,
    data_dir: str | Path | None = None,
    run_dir: str | Path | None = None,
    progress: bool | None = None,
    from_run: str | Path | None = None,
) -> Trained:
    """Train a config's model and test it. Returns the run's `folder` and its `metrics`.

    `run_dir` is the run's folder, by default `runs/NAME-N`. `progress` shows what is going on: on
    stderr, or in a notebook below its cell, where it is the default; elsewhere nothing is printed.
    Training starts from the weights of the run in the folder `from_run`, if it is given, as with
    `--from`.
    Raises ConfigError, DataError, RunError or DeviceError before anything is written,
    TrainingError or Interrupted after.
    """
    from functools import partial
    from pathlib import Path

    from rnnbuild.cli.output.display import display, goal_of
    from rnnbuild.results.notebook import NotebookDisplay, in_notebook
    from rnnbuild.results.trained import Trained
    from rnnbuild.runs.directory import run_as_asked
    from rnnbuild.training.folds import train_whole
    from rnnbuild.training.setup.prepare import prepare

    if from_run is not None:
        settings = {**(settings or {}), "training.from_run": str(Path(from_run).resolve())}
    loaded, folder = _loaded(config, settings, data_dir)
    own_folder = Path(run_dir) if run_dir else None
    new_run = partial(run_as_asked, own_folder, loaded.name)
    prepared = prepare(loaded, folder)
    goal, notebook = goal_of(prepared, None), in_notebook()
    if notebook and progress is not False:
        outcome = train_whole(loaded, folder, prepared, new_run, NotebookDisplay(goal))
    else:
        with display(goal, quiet=not progress) as observer:
            outcome = train_whole(loaded, folder, prepared, new_run, observer)
    return Trained(outcome.run, outcome.metrics)


def study(
    config: str | Path | Mapping[str, Any] | Config,
    vary: Mapping[str, Iterable[Any]] | None = None,
    seeds: int = 5,
    *,
    settings: Mapping[str, Any] | None = None,
    reference: str | None = None,
    margin: float | None = None,
    equal_parameters: int | None = None,
    data_dir: str | Path | None = None,
    study_dir: str | Path | None = None,
    workers: int | None = None,
    progress: bool | None = None,
) -> Study:
    """Train variants with several seeds each, and say which is better and how sure that is.

    `vary` has the alternatives of each key, `{"cell": ["gru", "lstm"]}`; by default those of the
    config's `variants:` section. Runs are trained by `workers` processes, one for each CPU unless
    stated. Stopped, the same call goes on where it was. `study_dir` is the study's folder, by
    default `studies/NAME-N`; `progress`, by default in a notebook alone, prints a line when a run
    has ended. The other arguments are the options of `rnnbuild study`.
    Raises ConfigError, DataError, ArgumentError before anything is trained; TrainingError where no
    run has finished, Interrupted.
    """
    from pathlib import Path

    from rnnbuild.cli.staff import Staff
    from rnnbuild.cli.study_run import finish_study, started
    from rnnbuild.config.variants import axis_from_program
    from rnnbuild.results.notebook import in_notebook
    from rnnbuild.results.study import Study
    from rnnbuild.studies.opening import StudyRequest

    quiet = not (in_notebook() if progress is None else progress)
    request = StudyRequest(
        tree=_written(config, settings),
        axes=tuple(axis_from_program(key, values) for key, values in (vary or {}).items()),
        seeds=seeds,
        folder=_folder(config, data_dir),
        reference=reference,
        margin=margin,
        budget=equal_parameters,
    )
    directory = started(request, Path(study_dir) if study_dir else None, quiet)
    results = finish_study(directory, lambda plan: plan, Staff(workers), quiet)
    return Study(directory.path, results)


def open_run(path: str | Path) -> TrainedRun:
    """A trained run, ready to answer: `open_run("runs/latest").predict(["a text"])`.

    The folder may also be one that `rnnbuild export` wrote.

    Its answers are those of `rnnbuild predict`, as values with a `prediction` each
    (`rnnbuild/inference/decoding/answers.py`). TensorFlow is loaded only for layers that Keras
    alone computes. Several threads may use the run at once.

    A run that has not finished answers with its best weights so far; a warning says which these
    are. Raises RunError, and MissingExtraError for an exported model whose runtime is missing.
    """
    import warnings

    from rnnbuild.export.opening import open_run as opened

    run = opened(path)
    if run.note is not None:
        warnings.warn(run.note, stacklevel=2)
    return run


def open_stream(path: str | Path) -> LiveStream:
    """A trained run that answers while its input is still coming, as `rnnbuild stream` does.

    `open_stream("runs/latest").answers("some words")` gives a `StepAnswer` to each word, from all
    words so far. The folder may also be one that `rnnbuild export --stream` wrote. TensorFlow is
    not loaded. Raises RunError, for a model too that needs the end of its input.
    """
    from rnnbuild.export.opening import open_stream as opened
    from rnnbuild.inference.stream.live import LiveStream

    return LiveStream(*opened(path))


def _resolved(
    config: str | Path | Mapping[str, Any] | Config,
    settings: Mapping[str, Any] | None,
    data_dir: str | Path | None,
) -> ResolvedConfig:
    from rnnbuild.data.resolved import resolve_with_data

    return resolve_with_data(*_loaded(config, settings, data_dir))


def _loaded(
    config: str | Path | Mapping[str, Any] | Config,
    settings: Mapping[str, Any] | None,
    data_dir: str | Path | None,
) -> tuple[Config, Path]:
    """A checked config, and the folder that its data files are relative to."""
    from rnnbuild.config.schema import Config

    folder = _folder(config, data_dir)
    if isinstance(config, Config) and not settings:
        return config, folder
    return _checked(_written(config, settings)), folder


def _written(
    config: str | Path | Mapping[str, Any] | Config, settings: Mapping[str, Any] | None
) -> Tree:
    """The config as written, with its settings applied."""
    from rnnbuild.config.keys import with_settings
    from rnnbuild.config.load import read_config
    from rnnbuild.config.schema import Config
    from rnnbuild.config.settings import setting_from_program
    from rnnbuild.config.written import plain_values

    values = plain_values(config, defaults=False) if isinstance(config, Config) else config
    given = [setting_from_program(key, value) for key, value in (settings or {}).items()]
    tree, _ = with_settings(read_config(values), given)
    return tree


def _checked(tree: Tree) -> Config:
    from rnnbuild.config.load import checked

    return checked(tree)


def _folder(config: str | Path | Mapping[str, Any] | Config, data_dir: str | Path | None) -> Path:
    """The folder that a config's data files are relative to."""
    from pathlib import Path

    from rnnbuild.config.load import folder_of_files

    if data_dir is not None:
        return Path(data_dir)
    return folder_of_files(config) if isinstance(config, str | Path) else Path()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("rnnbuild")
    raise AttributeError(f"module 'rnnbuild' has no attribute {name!r}")
