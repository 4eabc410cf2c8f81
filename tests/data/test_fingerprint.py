"""Fingerprints of files and of generated rows."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rnnbuild.cache.entry import write_entry
from rnnbuild.cache.place import cache_folder
from rnnbuild.config.schema.data import DataConfig, VocabularyConfig
from rnnbuild.data import fingerprint
from rnnbuild.data.bundled import registry
from rnnbuild.data.bundled.languages import FILE
from rnnbuild.data.fingerprint import Fingerprint, fingerprints_of, sha256_of

ROOT = Path(__file__).parents[2]
SMALL = DataConfig(dataset="parts-of-speech", size=30)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A cache that no other test has filled."""
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))


def recorded(data: DataConfig) -> Fingerprint:
    (only,) = fingerprints_of(data, Path())
    return only


def test_a_file_is_recognised_by_its_content(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 9999)
    assert sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_large_file_is_read_once_until_it_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fingerprint, "LARGE", 10)
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    first = sha256_of(path)
    assert first == hashlib.sha256(b"0123456789").hexdigest()
    with monkeypatch.context() as patch:
        patch.setattr(fingerprint, "read_sha256", lambda path: "read again")
        assert sha256_of(path) == first
        path.write_bytes(b"0123456789a")
        assert sha256_of(path) == "read again"
    for known in (cache_folder() / "sha256").iterdir():
        write_entry("sha256", known.name, b"\xff")
    path.write_bytes(b"0123456789")
    assert sha256_of(path) == first


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("no folder")
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fingerprint, "LARGE", 1)
    path = tmp_path / "file"
    path.write_bytes(b"x")
    assert sha256_of(path) == hashlib.sha256(b"x").hexdigest()


def test_generated_rows_are_recorded_under_the_name_of_their_dataset(own_cache):
    made = registry.bundled_rows(SMALL)
    assert made.train.words
    lines = [
        json.dumps([split, column, getattr(rows, column)])
        for split, rows in (
            ("train", made.train),
            ("validation", made.validation),
            ("test", made.test),
        )
        for column in ("texts", "words", "targets")
    ]
    content = "".join(f"{line}\n" for line in lines).encode()
    digest = hashlib.sha256(content).hexdigest()
    assert recorded(SMALL) == Fingerprint("parts-of-speech", len(content), digest)


def test_another_process_with_another_order_of_sets_records_the_same(own_cache, tmp_path):
    code = (
        "from pathlib import Path\n"
        "from rnnbuild.config.schema.data import DataConfig\n"
        "from rnnbuild.data.fingerprint import fingerprints_of\n"
        "data = DataConfig(dataset='parts-of-speech', size=30)\n"
        "print(fingerprints_of(data, Path())[0].sha256)\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "7",
        "RNNBUILD_CACHE": str(tmp_path / "another"),
    }
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == recorded(SMALL).sha256


def test_a_generator_that_was_rewritten_but_generates_the_same_is_no_change(
    own_cache, tmp_path, monkeypatch
):
    before = recorded(SMALL)
    program = tmp_path / "rewritten.py"
    program.write_text("with another docstring")
    dataset = registry.DATASETS["parts-of-speech"]
    rewritten = replace(dataset, sources=(program,))
    monkeypatch.setattr(registry, "DATASETS", {"parts-of-speech": rewritten})
    assert recorded(SMALL) == before

    def one_word_less(**options):
        rows = dataset.load(**options)
        rows.test.words[0] = rows.test.words[0][1:]
        return rows

    program.write_text("with another rule")
    changed = replace(rewritten, load=one_word_less)
    monkeypatch.setattr(registry, "DATASETS", {"parts-of-speech": changed})
    assert recorded(SMALL).sha256 != before.sha256


def test_options_change_the_fingerprint_and_keys_that_come_after_the_rows_do_not(own_cache):
    plain = recorded(SMALL)
    assert recorded(SMALL.model_copy(update={"seed": 1})) == plain  # the default
    assert recorded(SMALL.model_copy(update={"seed": 2})).sha256 != plain.sha256
    assert recorded(SMALL.model_copy(update={"size": 40})).sha256 != plain.sha256
    rare = VocabularyConfig(min_count=2)
    assert recorded(SMALL.model_copy(update={"vocabulary": rare, "max_length": 3})) == plain


def test_rows_are_generated_once_for_their_fingerprint(own_cache, monkeypatch):
    first = recorded(SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(fingerprint, "bundled_rows", lambda data: pytest.fail("generated again"))
        assert recorded(SMALL) == first
    (entry,) = (cache_folder() / "sha256").iterdir()
    write_entry("sha256", entry.name, first.sha256.encode())  # without its size
    assert recorded(SMALL) == first


def test_a_fixed_dataset_is_recorded_by_its_files(own_cache):
    assert recorded(DataConfig(dataset="languages")) == Fingerprint(
        FILE.name, FILE.stat().st_size, sha256_of(FILE)
    )
