"""Output of results: the four formats of a table, cards, explanations and live displays."""
