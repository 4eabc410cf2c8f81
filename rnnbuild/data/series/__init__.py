"""Series of numbers in time.

dates.py        the forms that dates are written in
frequency.py    the time between a series' steps
series.py       a series in memory
read.py         a table of dates and numbers as a series
gaps.py         missing and irregular steps
split.py        which rows are trained on, and which come after
transforms.py   logarithm, differences, standardising, and their inverses
windows.py      the examples: windows of the past and the steps after them
codec.py        all of it in one value, saved with a run
load.py         from a config to encoded splits
baselines.py    trivial forecasts
health.py       the questions of the health check; gap_health.py, window_health.py  two of them
"""
