"""Tables in LaTeX."""

from rnnbuild.formatting import value_text
from rnnbuild.wording.latex import latex_lines
from rnnbuild.wording.table import Column, Table


def test_a_table_has_the_rules_of_booktabs_and_the_alignment_of_its_columns() -> None:
    columns = [Column("name", "layer"), Column("count", ("two", "lines"), value_text, "right")]
    table = Table(
        columns,
        [{"name": "gru", "count": 1234}],
        title="layers",
        totals={"name": "total", "count": 1234},
        notes=["All are trainable."],
    )
    assert list(latex_lines(table)) == [
        r"\begin{table}",
        r"\centering",
        r"\caption{layers}",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"layer & two lines \\",
        r"\midrule",
        r"gru & 1,234 \\",
        r"\midrule",
        r"total & 1,234 \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip All are trainable.",
        r"\end{table}",
    ]


def test_no_text_is_a_command_or_ends_a_cell() -> None:
    text = r"\input{x} & 50 % of $a_1^2$ #~ <b> −3 × 2–4"
    lines = list(latex_lines(Table([Column("text", "text")], [{"text": text}])))
    assert lines[6] == (
        r"\textbackslash{}input\{x\} \& 50 \% of \$a\_1\textasciicircum{}2\$ \#\textasciitilde{} "
        r"\textless{}b\textgreater{} $-$3 $\times$ 2--4 \\"
    )
    assert r"\caption" not in "".join(lines)
