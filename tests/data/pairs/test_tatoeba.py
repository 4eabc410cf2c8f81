"""Sentences of the real kind, where they are at hand."""

from itertools import pairwise

import pytest
import sacrebleu

from rnnbuild.config.load import load_config
from rnnbuild.config.resolve import resolve
from rnnbuild.data.load import load_data
from rnnbuild.metrics.tasks import scores
from tests.corpora import corpus


@pytest.fixture(scope="module")
def config():
    return load_config("recipes/tatoeba")


@pytest.fixture(scope="module")
def data(config):
    return load_data(config.data, corpus("tatoeba"))


def test_every_line_is_a_pair_and_the_sizes_follow(config, data):
    facts = data.facts
    assert facts.rows == (82_699, 1_000, 1_000)
    resolved = resolve(config, facts)
    assert resolved.config.model.layers[1].n == facts.longest_target + 1
    assert resolved.config.model.head.units == config.data.vocabulary.size + 1


def test_the_nearest_source_is_the_best_trivial_answer_and_its_bleu_is_sacrebleus(data):
    baselines = data.baselines("test")
    result = {name: scores(answers, resamples=0) for name, answers in baselines.items()}
    bleu = {name: score["bleu"].value for name, score in result.items()}
    best = "target of the nearest source"
    assert max(bleu, key=lambda name: bleu[name]) == best

    def texts(tokens, offsets):
        rows = pairwise(offsets)
        return [" ".join(map(str, tokens[first:last].tolist())) for first, last in rows]

    answers = baselines[best]
    expected = sacrebleu.BLEU(tokenize="none", force=True).corpus_score(
        texts(answers.predictions, answers.prediction_offsets),
        [texts(answers.targets, answers.target_offsets)],
    )
    assert bleu[best] == pytest.approx(expected.score)
