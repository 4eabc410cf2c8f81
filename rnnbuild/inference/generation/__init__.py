"""Text that a language model writes, and what it did not expect of a text that it reads.

sampling.py   which token comes next, drawn from probabilities
writing.py    token after token, and where the text stops
settings.py   what may be asked for, and what contradicts
prompt.py     what the text begins with, as ids
writer.py     a run's model and codec, ready to write
opening.py    the same, from a run's folder
places.py     where the tokens of a text are in it
surprise.py   what each token of a text costs
surprising_words.py  and each of its words
"""
