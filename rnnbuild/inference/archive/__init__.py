"""A `.keras` file, read and checked without Keras.

Keras' safe mode refuses what it knows to run code. This is stricter: a file is refused unless all
of it is what Keras writes of a model that rnnbuild builds. So an untrusted file can neither run
code, nor read or write another file, nor take more memory than its own size suggests.

members.py      the files inside the archive: three, uncompressed
description.py  what the model's description may contain: names and values
weights.py      plain arrays of float32, each as large in the file as in memory
layers.py       the layers, each with the weights that its description asks for
"""
