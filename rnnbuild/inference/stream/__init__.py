"""A sequence that is still coming: an answer after each of its steps, from the state so far.

steps.py          the model, one step at a time
stream.py         lines of input, the state that they leave, and their answers
labelled_text.py  what lines of text are to the model, and its outputs to the reader
numbers.py        the same of lines of numbers
series.py         the same of the values of a series
table.py          the kind of each codec
live.py           a stream in Python
opening.py        a run, opened to answer step by step, or why it cannot
one_way.py        the nearest config whose model can
state_file.py     a state on the disk
"""
