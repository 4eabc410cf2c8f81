"""Running text, whose next token is to be predicted: `language-model`.

tokens.py     text into tokens, and tokens into text
passages.py   ids as windows to train on and passages to score
codec.py      text into ids, ids into text
split.py      where a text is divided into splits
load.py       the text as training takes it
"""
