"""Bundled datasets are learned by the config of their name, beyond what lesser answers can be."""

from pathlib import Path

import pytest

from rnnbuild.cli.loading import data_folder, written_config
from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.config.load import checked
from rnnbuild.data.bundled.markov import MARKOV, source_of
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.runs.directory import run_at
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.training.train import train
from tests.data.bundled.contents import made


def main_score(name: str, folder: Path, *settings: str) -> float:
    """The main metric on the test split, after training the config of that name."""
    config = checked(written_config(name, settings))
    data = data_folder(name, None)
    run = run_at(folder / "run")
    metrics = train(config, data, prepare(config, data), lambda: run, Silence()).metrics
    score: float = metrics.scores["test"][metrics.main].value
    return score


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_has_a_config_of_its_name(name):
    assert name in bundled_config_names()
    assert checked(written_config(name)).data.dataset == name


@pytest.mark.parametrize(
    ("name", "settings", "others"),
    [
        # Whatever loses one bit, or the first choice, or one side of the names, gets no further.
        ("parity", ["data.size=1500", "data.length=12", "training.epochs=12"], 0.6),
        ("reber", ["data.size=2500", "training.epochs=8"], 0.5),
        ("entities", ["data.size=2500", "training.epochs=8", "training.batch_size=32"], 0.75),
    ],
)
def test_few_rows_are_enough_to_pass_what_is_possible_without_memory(
    name, settings, others, tmp_path
):
    assert main_score(name, tmp_path, *settings) > (1 + others) / 2


# Some below what was measured: other machines round otherwise.
FLOORS = {
    "reviews": 0.98,
    "languages": 0.79,
    "intents": 0.92,
    "amazon": 0.99,
    "entities": 0.99,
    "parts-of-speech": 0.99,
    "copy": 0.97,
    "reber": 0.99,
    "parity": 0.99,
    "brackets": 0.97,
}


@pytest.mark.torture
@pytest.mark.parametrize("name", FLOORS)
def test_the_config_of_its_name_reaches_the_score_on_the_card(name, tmp_path):
    assert main_score(name, tmp_path) > FLOORS[name]


@pytest.mark.torture
def test_adding_is_solved_by_the_config_of_its_name(tmp_path):
    assert main_score("adding", tmp_path) ** 2 < 0.167 / 20


@pytest.mark.torture
def test_a_network_comes_within_a_hundredth_of_a_nat_of_the_entropy_of_the_source(tmp_path):
    score = main_score("markov", tmp_path)
    # The source itself is the judge: on these 50,000 letters it is 0.001 nats below its entropy.
    source, (text,) = source_of(2, 1), made(MARKOV).test.texts
    assert 0 < score - source.nats(text, source.order) < 0.01
    assert abs(score - source.entropy_rate) < 0.01
