"""Keys of `data` that do nothing for the files or the task are refused."""

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError

CONTENTS = {
    "t.csv": "text,label\n" + "".join(f"word{n} a,{n % 2}\n" for n in range(20)),
    "t.jsonl": "".join(f'{{"text": "word{n} a", "label": {n % 2}}}\n' for n in range(20)),
    "t.conll": "\n".join(f"word{n}\tA\nx\tB\n" for n in range(20)),
    "t.conllu": "\n".join(
        "".join(f"{n}\tword{m}{n}\t_\t{tag}" + "\t_" * 6 + "\n" for n, tag in ((1, "A"), (2, "B")))
        for m in range(20)
    ),
}
KEYS = {"delimiter": ",", "quote": "none", "header": ("text", "label"), "comment": "%"}
IDLE = [
    ("t.jsonl", "delimiter"),
    ("t.jsonl", "quote"),
    ("t.jsonl", "header"),
    ("t.jsonl", "comment"),
    ("t.conll", "quote"),
    ("t.conll", "header"),
    ("t.conllu", "delimiter"),
    ("t.conllu", "comment"),
]


@pytest.mark.parametrize(("name", "key"), IDLE)
def test_keys_of_other_formats_are_refused(tmp_path, name, key):
    (tmp_path / name).write_text(CONTENTS[name])
    load_data(DataConfig(train=name), tmp_path)
    with pytest.raises(DataError, match=f"`{key}` does nothing for {name[2:]} files"):
        load_data(DataConfig(train=name, **{key: KEYS[key]}), tmp_path)


def test_a_key_that_one_of_several_formats_takes_is_accepted(tmp_path):
    for name in ("t.csv", "t.jsonl"):
        (tmp_path / name).write_text(
            CONTENTS[name].replace(",", ";") if name == "t.csv" else CONTENTS[name]
        )
    load_data(DataConfig(train="t.csv", test="t.jsonl", delimiter=";"), tmp_path)


def test_the_scheme_of_tags_is_refused_for_labels(tmp_path):
    (tmp_path / "t.csv").write_text(CONTENTS["t.csv"])
    with pytest.raises(DataError, match="`tag_scheme` is for `tag`"):
        load_data(DataConfig(train="t.csv", tag_scheme="bio"), tmp_path)
