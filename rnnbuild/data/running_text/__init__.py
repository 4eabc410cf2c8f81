"""Running text, whose next token is to be predicted: `language-model`.

tokens.py       text into tokens, and tokens into text
passages.py     ids as windows to train on and passages to score
codec.py        text into ids, ids into text
kinds.py        letters, words, punctuation and line ends among tokens
split.py        where a text is divided into splits
ngrams.py       the n-grams of a text, counted, in sorted arrays
kneser_ney.py   their probabilities, smoothed
compression.py  what a compressor needs for a text
baselines.py    trivial answers: these two, and how frequent each token is
spans.py        where stretches of a text occur again
repeats.py      questions of the health check on them
signs.py        questions on what is no text: wrong encodings, endless words
health.py       all questions
load.py         the text as training takes it
"""
