"""`rnnbuild predict` with a language model: the likeliest next token, and what a text cost."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild as package
from rnnbuild.cli.output.predictions import answer_text
from rnnbuild.inference import trained_run
from rnnbuild.inference.decoding.answers import NextTokenAnswer
from rnnbuild.inference.writers import LinesWriter
from rnnbuild.visible import visible
from tests.cli.command import rnnbuild

SIGN = "\N{REPLACEMENT CHARACTER}"


@pytest.fixture(scope="module")
def expected(language_run: Path) -> Any:
    """Answers of Keras to a text of characters, by the words in codec.json."""
    import keras

    model = keras.saving.load_model(language_run / "model.keras", compile=False)
    words = json.loads((language_run / "codec.json").read_text(encoding="utf-8"))["words"]
    names = [SIGN, *words]

    def answers(text: str) -> tuple[str, float, float | None]:
        # An empty text is read as one that is written without a prompt.
        text = text or "\n"
        ids = [names.index(one) + 1 if one in names else 1 for one in text]
        (outputs,) = np.asarray(model(np.array([ids], np.int32)))
        costs = -np.log(outputs[np.arange(len(ids) - 1), np.array(ids[1:], int) - 1])
        best = int(outputs[-1].argmax())
        return names[best], float(outputs[-1, best]), float(costs.mean()) if len(costs) else None

    return answers


TEXTS = ["The plot was", "", "ü", "a", "A\u0308ü.", "The\nplot\r\nwas"]


def assert_answered(row: dict[str, Any], answer: tuple[str, float, float | None]) -> None:
    name, probability, nats = answer
    assert row["prediction"] == name
    assert float(row["probability"]) == pytest.approx(probability, abs=2e-6)
    if nats is None:
        assert row["nats"] in (None, "")
    else:
        assert float(row["nats"]) == pytest.approx(nats, abs=2e-5)


def row_of(line: str) -> dict[str, Any]:
    """The cells of a line, in which a line end is two characters."""
    cells = (cell.replace(r"\n", "\n") for cell in line.split("\t"))
    return dict(zip(("text", "prediction", "probability", "nats"), cells, strict=True))


def test_a_text_is_answered_as_by_keras(language_run: Path, expected: Any) -> None:
    given = [text.replace("\r\n", "\n").replace("A\u0308", "Ä") for text in TEXTS]
    done = rnnbuild("predict", language_run, "--format", "json", *TEXTS)
    assert [row["text"] for row in done.json] == TEXTS
    for row, text in zip(done.json, given, strict=True):
        assert_answered(row, expected(text))


def test_the_end_of_a_line_of_input_is_no_part_of_the_text(
    language_run: Path, expected: Any, tmp_path: Path
) -> None:
    (tmp_path / "texts.txt").write_bytes(b"The plot\r\n\r\nwas\n")
    (tmp_path / "texts.csv").write_text("id,text\n1,The plot\n2,\n3,was\n")
    wanted = [expected(text) for text in ("The plot", "", "was")]
    lines = rnnbuild("predict", language_run, "--input", tmp_path / "texts.txt").out.splitlines()
    by_line = list(map(row_of, lines))
    piped = rnnbuild("predict", language_run, given="The plot\n\nwas\n").out.splitlines()
    assert piped == lines
    table = rnnbuild("predict", language_run, "--input", tmp_path / "texts.csv", "--format", "json")
    for rows in (by_line, table.json):
        for row, answer in zip(rows, wanted, strict=True):
            assert_answered(row, answer)


def test_a_token_that_would_not_be_seen_is_shown(tmp_path: Path) -> None:
    assert [visible(answer_text(token)) for token in ("\n", " ", "\t", "a")] == [
        r'"\n"',
        '" "',
        r'"\t"',
        "a",
    ]
    with (tmp_path / "lines").open("w+") as stream:
        LinesWriter(stream).write([{"text": "a\tb", "prediction": "\n", "nats": None}])
        LinesWriter(stream).write([{"token": "\t", "prediction": "\r", "nats": 0.5}])
        stream.seek(0)
        assert stream.read() == "a\tb\t\\n\t\n\\t\t\\r\t0.5\n"


def test_from_python_answers_are_typed_and_have_every_probability_if_asked(
    language_run: Path,
) -> None:
    run = package.open_run(language_run)
    texts = ["The plot", "", "was very dull"] * 3
    plain, full = run.predict(texts), run.predict(texts, probabilities=True)
    for short, long in zip(plain, full, strict=True):
        assert isinstance(short, NextTokenAnswer) and isinstance(long, NextTokenAnswer)
        assert short.probabilities is None and long.probabilities is not None
        assert sum(long.probabilities.values()) == pytest.approx(1, abs=1e-4)
        assert max(long.probabilities, key=long.probabilities.__getitem__) == short.prediction
        assert (long.prediction, long.nats) == (short.prediction, short.nats)
    (as_tokens,) = run.predict([list("The plot")])
    assert as_tokens == plain[0]
    (several,) = run.predict([["T", "he", "\n"]])
    assert several != run.predict(["The\n"])[0]  # `he` is no character that the model knows


def test_eight_threads_get_the_answers_of_one(language_run: Path) -> None:
    run = package.open_run(language_run)
    texts = [text * count for text in TEXTS for count in (1, 7, 300)]
    alone = [run.predict([text])[0] for text in texts]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: run.predict([text])[0], texts * 8))
    assert together == alone * 8


def test_a_long_text_is_answered_in_pieces_as_if_in_one(
    language_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "The plot was very dull.\n" * 100
    run = package.open_run(language_run)
    (whole,) = run.predict([text], probabilities=True)
    monkeypatch.setattr(trained_run, "MOST_OUTPUTS", 500 * max(run.codec.model_sizes.outputs))
    cut, short = run.predict([text, "The plot"], probabilities=True)
    assert short == run.predict(["The plot"], probabilities=True)[0]
    assert isinstance(cut, NextTokenAnswer) and isinstance(whole, NextTokenAnswer)
    assert cut.prediction == whole.prediction
    # Six units forget what is 250 characters away but for the last digits.
    assert cut.nats == pytest.approx(whole.nats, abs=1e-5)
    assert cut.probability == pytest.approx(whole.probability, abs=1e-5)


@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes are Linux's unit of ru_maxrss")
def test_a_hundred_thousand_characters_take_little_memory(language_run: Path) -> None:
    code = (
        "import resource, sys, rnnbuild\n"
        "run = rnnbuild.open_run(sys.argv[1])\n"
        "run.predict(['The plot ' * 500])\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "run.predict(['The plot ' * 11_112])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, language_run],
        capture_output=True,
        text=True,
        check=True,
    )
    # 100,008 steps of some 30 probabilities, four times: softmax makes copies.
    assert int(done.stdout) < 150_000


def test_without_a_text_it_names_both_commands_that_give_one(language_run: Path) -> None:
    done = rnnbuild("predict", language_run, given="")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: there is no text to predict for\n"
        f'  hint: give one: rnnbuild predict {language_run} "a text"; rnnbuild generate '
        f"{language_run} writes text by itself\n"
    )


def test_bytes_that_are_not_utf8_are_one_error(language_run: Path, tmp_path: Path) -> None:
    (tmp_path / "texts.txt").write_bytes(b"The\n\xff\n")
    done = rnnbuild("predict", language_run, "--input", tmp_path / "texts.txt")
    assert done.code == 2 and done.err.startswith("error: ")
    assert "not UTF-8" in done.err


def test_each_line_is_a_text_where_training_read_its_files_whole(
    language_run: Path, expected: Any, tmp_path: Path
) -> None:
    """With `format: text` in the config, too."""
    run = Path(shutil.copytree(language_run, tmp_path / "run"))
    for name in ("config.yaml", "resolved.yaml"):
        path = run / name
        stated = path.read_text().replace(
            "  train: reviews.txt", "  train: reviews.txt\n  format: text"
        )
        path.write_text(stated)
    assert "format: text" in (run / "config.yaml").read_text()
    texts = tmp_path / "texts"
    texts.write_text("The plot\n\nwas\n")
    done = rnnbuild("predict", run, "--input", texts)
    piped = rnnbuild("predict", run, "--input", "-", given=texts.read_text())
    assert (done.code, done.err) == (0, "")
    assert piped.out == done.out
    for line, text in zip(done.out.splitlines(), ("The plot", "", "was"), strict=True):
        assert_answered(row_of(line), expected(text))
