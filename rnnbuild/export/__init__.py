"""A trained run as a folder that answers without rnnbuild, in a format that other programs read.

bundle.py      all that the folder contains
finished.py    which runs are exported
new_folder.py  a folder that is wholly there or not at all
formats/       a file for each format, and their table
program/       run.py and what it needs, copied into the folder
sources.py     the files that are copied, found by their imports
agreement.py   the model's outputs beside Keras', before anything is said to be exported
recorded.py    inputs with outputs, which `run.py --check` repeats on another machine
card.py        README.md of the folder; codec_keys.py  the keys of codec.json, for it
"""
