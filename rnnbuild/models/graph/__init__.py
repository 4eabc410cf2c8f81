"""A trained model as an ONNX graph, written from its saved weights without TensorFlow.

A converter turns a recurrent layer with a mask into a loop of some thirty operators, which a
runtime takes one by one. ONNX has an operator for a whole recurrent layer that takes the length of
each row: with one of these a layer, the graph is short, fast, and correct for padded rows.

writer.py       nodes, weights, inputs and outputs as they are added; the file they become
flow.py         what goes from layer to layer
activations.py  Keras' activations, as operators and as names inside recurrent operators
recurrent.py    recurrent layers
layers.py       every other kind
model.py        all of a model's in a row: for whole sequences, or for one step with states
session.py      a graph in onnxruntime
"""

from rnnbuild.dependencies import starting

with starting("onnx"):
    import onnx  # noqa: F401
