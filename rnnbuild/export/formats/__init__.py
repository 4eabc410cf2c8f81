"""The formats of exported models.

format.py        what a format consists of
table.py         every format by its name
trained_model.py the Keras model of a run, on a CPU
onnx.py, saved_model.py, litert.py, keras_file.py   one each
"""
