"""What Python's functions return: values that show themselves, in a console and in a notebook.

Each has the figures as attributes. What it shows are the tables that the command of the same name
prints.
"""
