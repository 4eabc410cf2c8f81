"""A model that Keras saved elsewhere, as a run of rnnbuild.

Its file is untrusted: the description is read as data and the weights as arrays, and Keras gets to
see nothing but plain layers whose arguments have been checked one by one. Loss, optimizer and
whatever else is in the file are never made into objects.
"""
