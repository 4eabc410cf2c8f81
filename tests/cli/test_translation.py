"""The commands on pairs of texts."""

import json

from rnnbuild.config.load import load_config
from tests.cli.command import rnnbuild, widest
from tests.small_runs import GERMAN, translate_config


def test_a_text_is_answered_by_a_text_and_its_probability(translate_run):
    result = rnnbuild("predict", translate_run, "Red", "very very blue", "--format", "json")
    assert result.code == 0, result.err
    answers = json.loads(result.out)
    assert [answer["text"] for answer in answers] == ["Red", "very very blue"]
    for answer in answers:
        assert set(answer["prediction"].split()) <= set(GERMAN.values())
        assert 0 < answer["probability"] <= 1


def test_the_mistakes_of_a_run_are_shown_as_texts(translate_run):
    result = rnnbuild("evaluate", translate_run)
    assert result.code == 0, result.err
    assert widest(result.out) <= 80
    assert "exact match" in result.out
    assert "predicted as" in result.out
    assert "sure" not in result.out


def test_a_dry_run_reports_both_vocabularies_and_writes_nothing(tmp_path):
    config = translate_config(tmp_path)
    before = sorted(tmp_path.iterdir())
    result = rnnbuild("train", config, "--dry-run", "--format", "json", folder=tmp_path)
    assert result.code == 0, result.err
    facts = json.loads(result.out)
    assert facts["target_vocabulary"] == len(GERMAN) + 1
    assert facts["vocabulary"] == len(GERMAN) + 2
    assert sorted(tmp_path.iterdir()) == before
    assert "note: test: 5 of 45 targets are longer than any in training" in result.err


def test_summary_shows_the_border_between_encoder_and_decoder(tmp_path):
    config = translate_config(tmp_path)
    result = rnnbuild("summary", config, "--format", "json")
    assert result.code == 0, result.err
    assert "repeat_vector" in result.out


def test_two_layers_on_each_side_are_one_variation(tmp_path):
    config = translate_config(tmp_path)
    shown = rnnbuild("show", config, "--set", "depth=2")
    assert shown.code == 0, shown.err
    assert shown.out.count("cell: gru") == 4
    assert len(load_config(config).model.layers) == 3
