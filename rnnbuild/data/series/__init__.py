"""Series of numbers in time.

dates.py        the forms that dates are written in
date_columns.py which columns hold them; read_dates.py  the dates of all rows, in one reading
numbers.py      cells as numbers, however they are written
tables.py       files of any format as tables of text cells; faults.py  what is wrong with rows
frequency.py    the time between a series' steps
series.py       a series in memory
read.py         tables of dates and numbers as a series
gaps.py         missing and irregular steps
split.py        which rows are trained on, and which come after
invertible.py   logarithm, differences, standardising, and their inverses
transforms.py   all of them in a row, fitted on the training steps
windows.py      the examples: windows of the past and the steps after them
codec.py        all of it in one value, saved with a run
load.py         from a config to encoded splits
baselines.py    trivial forecasts
guess.py        the keys to begin a config with, from a look at a file
health.py       the questions of the health check, most of them in a file each: *_health.py
"""
