"""What a network is asked to do, one file a task, and the table of them all.

facts.py    the sizes that a model takes from its data
traits.py   what tasks differ in
table.py    every task by its name

A task differs from another in what its rows' targets are and at which steps it answers; head,
loss, scores and the keys of `data` follow. Everything else asks the table and names no task.
"""
