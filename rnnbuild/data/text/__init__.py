"""Text into ids: what labelled text and pairs of texts have in common.

tokeniser.py         the rule by which text becomes tokens
tokeniser_choice.py  which tokeniser a config asks for
tokens.py            rows of tokens as arrays
pieces.py            what stands between spaces, numbered by the million
token_reader.py      rows of text into tokens
shapes.py            what the look of an unknown word tells
vocabulary.py        which tokens have an id of their own
frequent_words.py    the vocabulary of the training split
encoder.py           running text into their ids
vectors.py           files of pretrained word vectors
"""
