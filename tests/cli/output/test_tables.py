"""How tables are laid out in a terminal."""

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.tables import print_table
from rnnbuild.wording.table import Column, Table


def test_a_title_is_not_wrapped_at_the_width_of_a_narrow_table(capsys) -> None:
    title = "a title that is wider than its table of two columns"
    print_table(
        Table([Column("a", "a"), Column("b", "b")], [{"a": 1, "b": 2}], title=title), Format.table
    )
    assert capsys.readouterr().out.splitlines()[0] == title
