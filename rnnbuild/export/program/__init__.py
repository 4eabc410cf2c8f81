"""The program in an exported model's folder: its files are copied there (`sources.py`).

Nothing is imported but Python, NumPy, the format's runtime, and files of rnnbuild that import
nothing else either.

run.py       texts from the command line or standard input, and `--check`
opened.py    the model in a folder: from inputs to answers
intact.py    whether its files are those that were written
stream.py    answers step by step
generate.py  text that a language model writes
errors.py    the errors of what is copied for it
readers      a file for each kind of data, named as `kind` in codec.json: text.py, translation.py,
             running_text.py, numbers.py, series.py
runtimes     a file for each format: onnx_runtime.py, tensorflow_runtime.py, litert_runtime.py,
             keras_runtime.py
"""
