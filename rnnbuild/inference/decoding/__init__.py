"""From a model's outputs to answers, one file a kind of data.

decoder.py   the interface of every kind
table.py     the decoder of a codec
choices.py   the likeliest label of each answer, with its probability
"""
