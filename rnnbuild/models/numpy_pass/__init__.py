"""A trained model's forward pass by NumPy and the kernels, for answers without TensorFlow.

To load TensorFlow and Keras takes as long as to answer 200,000 texts, and their operations cost
more to start than a small batch to compute. `tests/models/test_numpy_pass.py` compares the outputs
of every layer known here with Keras; a model with any other is left to Keras.

flow.py       what goes from layer to layer
recurrent.py  recurrent layers, with the embedding before them
layers.py     every other kind
forward.py    all of a model's in a row
"""
