"""From a model's outputs to answers, one file a kind of data.

decoder.py   what every kind gives
table.py     the decoder of a codec
choices.py   the likeliest label of each answer, with its probability
"""
