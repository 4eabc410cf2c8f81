"""The tasks of a network, one file each, and the table of all.

facts.py    the sizes that a model takes from its data
traits.py   the type of a task: how tasks differ
table.py    every task by its name

Tasks differ in the targets of their rows and in the steps at which they answer; head, loss, scores
and keys of `data` follow. All other code asks the table and names no task.
"""
