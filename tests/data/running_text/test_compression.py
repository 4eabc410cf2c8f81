"""What xz needs for a text after another, against what the texts are."""

import lzma
import random

import pytest

from rnnbuild.data.running_text.compression import xz_bits, xz_size


def test_noise_costs_its_entropy_and_no_less() -> None:
    noise = random.Random(1).randbytes(20_000)
    # LZMA stores what it cannot compress, with some bytes about it.
    assert xz_bits(noise, b"") == pytest.approx(8 * len(noise), rel=0.01)
    assert xz_bits(noise, noise[::-1]) == pytest.approx(8 * len(noise), rel=0.01)
    letters = "".join(random.Random(2).choices("abcd", k=50_000)).encode()
    assert 2.0 < xz_bits(letters, b"") / len(letters) < 2.4


def test_a_text_that_was_read_before_costs_next_to_nothing() -> None:
    text = random.Random(3).randbytes(20_000)
    # Some four bytes for each copy, of at most 273 bytes.
    assert xz_bits(text, text) < 0.02 * xz_bits(text, b"")


@pytest.mark.parametrize("size", [0, 1, 4095, 4097, 300_000])
def test_a_dictionary_that_fits_compresses_as_the_largest_does(size: int) -> None:
    content = ("".join(f"line {number * number} of it\n" for number in range(20_000)))[
        :size
    ].encode()
    whole = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
    assert xz_size(content) == len(whole)
