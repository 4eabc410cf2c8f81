"""What a compressor needs for a text after another: xz, which finds again what it has read.

A compressor is a model, too: one that gives a text the probability p needs -log2 p bits for it
(MacKay 2003, Information Theory, Inference, and Learning Algorithms, chapter 6).
"""

import lzma

LEAST_DICTIONARY, LARGEST_DICTIONARY = 1 << 12, 1 << 26
"""Bytes: the least that there is, and that of `xz -9`."""


def xz_bits(text: bytes, before: bytes) -> int:
    """Bits by which an xz file is longer if `text` follows `before`.

    xz searches the 64 MiB before each byte, at some 4 MB a second, and its files have a multiple of
    four bytes.
    """
    return 8 * (xz_size(before + text) - xz_size(before))


def xz_size(content: bytes) -> int:
    """Bytes of the content as `xz -9e` compresses it.

    Its dictionary is no larger than the content: the 700 MB that a full one takes would be filled
    with zeros for the shortest text.
    """
    size = min(max(len(content), LEAST_DICTIONARY), LARGEST_DICTIONARY)
    settings = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": size}
    return len(lzma.compress(content, filters=[settings]))
