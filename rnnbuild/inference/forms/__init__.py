"""The forms that inputs are read in and answers are written in, row by row.

record.py   a row with its answer, and what both become in a form of plain cells
source.py   where rows come from: a file, packed or not, or standard input
lines.py    a text each line
csv.py      columns
jsonl.py    a JSON object each line
"""
