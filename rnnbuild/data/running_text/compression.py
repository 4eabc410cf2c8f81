"""What a compressor needs for a text after another: xz, which finds again what it has read.

A compressor is a model, too: one that gives a text the probability p needs -log2 p bits for it
(MacKay 2003, Information Theory, Inference, and Learning Algorithms, chapter 6).
"""

import lzma


def xz_bits(text: bytes, before: bytes) -> int:
    """Bits by which an xz file is longer if `text` follows `before`.

    xz searches the 64 MiB before each byte, at some 4 MB a second, and its files have a multiple of
    four bytes.
    """
    return 8 * (xz_size(before + text) - xz_size(before))


def xz_size(content: bytes) -> int:
    """Bytes of the content as `xz -9e` compresses it."""
    return len(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
