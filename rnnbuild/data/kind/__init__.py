"""What every kind of data gives to the rest of the program."""
