"""Scenes of Shakespeare's plays as one text, whose next character is to be predicted."""

import lzma
from pathlib import Path

from rnnbuild.data.bundled.card import Card, Dataset
from rnnbuild.data.rows.rows import Rows, RowSplits

FILE = Path(__file__).with_name("shakespeare.txt.xz")
TRAIN_SHARE = 0.9


def shakespeare() -> RowSplits:
    """The first nine tenths of the characters to train on, the rest to validate with.

    nanoGPT cuts the text at the same character, so scores can be compared.
    """
    text = lzma.decompress(FILE.read_bytes()).decode("ascii")
    end = int(TRAIN_SHARE * len(text))
    parts = (Rows([text[:end]]), Rows([text[end:]]), Rows())
    return RowSplits("language-model", "character", *parts)


SHAKESPEARE = Dataset(
    Card(
        name="shakespeare",
        task="language-model",
        level="character",
        title="which character comes next in Shakespeare's plays",
        rows=(1_003_854, 111_540, 0),
        origin=(
            "scenes from Shakespeare's plays, 1,115,394 characters, of which 65 differ: the file "
            "input.txt of Andrej Karpathy's char-rnn (2015), known as tiny shakespeare. The last "
            "tenth is the validation split, cut where nanoGPT cuts it; there is no test split"
        ),
        licence="the plays are in the public domain",
        teaches=(
            "what a network that writes has learned: first letters, then words, names and verses, "
            "never a plot. And what it is worth: n-grams, counted in seconds, come as far as "
            "networks that are small or trained for a few minutes"
        ),
        best=(
            "not known. Validation nats per character: unigram 3.347, xz 1.746, Kneser-Ney 6-gram "
            "1.523; nanoGPT, a transformer, 1.88 after 3 minutes on a CPU and 1.47 after 3 minutes "
            "on an A100 GPU"
        ),
        reached=(
            "1.452 nats per character in 8 epochs, 2.5 minutes on two cores (GRU of 512 units); "
            "1.693 after the first, 18 seconds"
        ),
        paper="Karpathy 2015, The Unreasonable Effectiveness of Recurrent Neural Networks",
    ),
    load=shakespeare,
    sources=(FILE,),
)
