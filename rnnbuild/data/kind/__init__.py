"""What every kind of data provides to the rest of the program."""
