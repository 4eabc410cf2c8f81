"""conlleval's way through a file: one pass over the tokens, four flags, no spans.

Written from its published rules (CoNLL-2000, with S- and E- as in its IOBES extension): a table
of which pairs of prefixes end or start a chunk, and a chunk is right if both sides start it
together, stay together and end it together.
"""

from collections import Counter

ENDS = {"BB", "BO", "BS", "IB", "IO", "IS", "EE", "EI", "EO", "ES", "EB"} | {
    "S" + after for after in "BIESO"
}
STARTS = {"BB", "IB", "OB", "SB", "EB", "BS", "IS", "OS", "SS", "ES"} | {
    "OI", "SI", "EI", "SE", "EE", "OE",
}  # fmt: skip


def parts(tag):
    prefix, _, kind = tag.partition("-")
    return prefix, kind


def ends(before, now):
    return before[0] + now[0] in ENDS or (before[0] != "O" and before[1] != now[1])


def starts(before, now):
    return before[0] + now[0] in STARTS or (now[0] != "O" and before[1] != now[1])


def conlleval(sentences):
    """Chunks right, guessed and correct by type: `sentences` are lists of (gold, guessed)."""
    right, guessed, correct = Counter(), Counter(), Counter()
    outside = ("O", "")
    last_gold = last_guess = outside
    together = False
    for gold_tag, guess_tag in [pair for rows in sentences for pair in [*rows, ("O", "O")]]:
        gold, guess = parts(gold_tag), parts(guess_tag)
        gold_ends, guess_ends = ends(last_gold, gold), ends(last_guess, guess)
        if together:
            if gold_ends and guess_ends and last_gold[1] == last_guess[1]:
                together = False
                right[last_gold[1]] += 1
            elif gold_ends != guess_ends or gold[1] != guess[1]:
                together = False
        gold_starts, guess_starts = starts(last_gold, gold), starts(last_guess, guess)
        if gold_starts and guess_starts and gold[1] == guess[1]:
            together = True
        correct[gold[1]] += gold_starts
        guessed[guess[1]] += guess_starts
        last_gold, last_guess = gold, guess
    return right, guessed, correct
