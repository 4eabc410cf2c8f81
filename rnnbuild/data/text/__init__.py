"""Text into ids: what labelled text and pairs of texts have in common.

tokeniser.py    the rule by which text becomes tokens
pieces.py       what stands between spaces, looked up by the million
compiled.py     the same as a compiled loop, where there is text enough to pay for loading it
tokens.py       rows of tokens as arrays
shapes.py       what the look of an unknown word tells
vocabulary.py   which tokens have an id of their own
vectors.py      files of pretrained word vectors
"""
