"""A model's worst mistakes as text."""

from rnnbuild.runs.metrics_file import WrongAnswer, WrongToken, WrongTokens
from rnnbuild.wording.mistakes import TEXT_WIDTH, mistake_text, one_line


def test_names_with_spaces_are_in_quotes_and_so_wrapped_nowhere():
    mistake = WrongAnswer(3, "so it goes", 0.98, "very good", "bad")
    assert mistake_text(mistake, "classify") == (
        "so it goes\n  `very good` predicted as bad (98 % sure)"
    )
    token = WrongToken(2, "New York", "B-LOC", "O")
    assert mistake_text(WrongTokens(1, "in New York", 0.5, (token,)), "tag") == (
        "in New York\n  `New York`: B-LOC predicted as O"
    )
    unseen = WrongAnswer(3, "so", None, None, "bad")
    assert mistake_text(unseen, "classify").endswith("(not in train) predicted as bad")


def test_a_long_text_is_cut_behind_a_word():
    numbers = [f"{number:,}.25" for number in range(1000, 1100)]
    words = one_line(" ".join(numbers)).split()
    assert words[-1] == "..."
    assert words[:-1] == numbers[: len(words) - 1]
    assert len(one_line(" ".join(numbers))) <= 2 * TEXT_WIDTH
    assert one_line("x" * 999) == "x" * (2 * TEXT_WIDTH - 4) + " ..."
