"""Configs to try: bundled ones and ones that the schema allows, damaged in every way.

A case is its number: the same number gives the same config and the same command.
"""

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml
from pydantic import BaseModel

from rnnbuild.config.bundled import bundled_config, bundled_config_names
from rnnbuild.config.schema import ALTERNATIVES, Config
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema_walk import TAG_KEYS, all_sections, sections_in, tags_of
from tests.schema_values import Values, key_value, section_values

LONG, DEEP = "1" * 5000, 3000
JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 10**9, 10**20, -(10**20), 10**309, 2**63, 2**64, 2**31),
    *(0.0, -0.5, 0.5, 1.5, 1e-320, 1e308, float("inf"), float("-inf"), float("nan")),
    *("", " ", "lstm", "adam", "no", "1", "x" * 300, "größe", "\x00", "\x1b[2J", "\udce9", "a b"),
    *("%d %d", "%Y-%Y", "%", "%Q", "\U0001f600", "../..", "/dev/zero", "/etc", "*", "**", "[", "~"),
    *([], {}, [[]], [None], [{}], {"name": "zeros"}, {"name": {}}, {"cell": []}, {"a": {"a": {}}}),
    *({"kind": "dropout", "cell": "gru"}, {"seasonal_difference": 10**20}, {"name": "l1l2"}),
)
"""Values for any key."""
TOKENS: tuple[str, ...] = (
    *(": ", "- ", "<<: ", "&a ", "*a ", "!!python/object:os.system ", "!!int ", "!!binary "),
    *("---\n", "...\n", "%YAML 1.2\n", "? ", "\t", "\n\n", "#", "'", '"', "{", "}", "[", "]", ","),
    *("\\", "\0", "\x7f", "\x85", "\u2028", "\ufeff", "é", "|", "!!set ", "!!float "),
    *("1_000", "0o17", "0x1f", "017", "1:30:00", "2020-01-01", "yes", "off", ".inf", "-.nan", "~"),
    *("1e400", "1e-400", "-0", "+1", ".5", "5.", "1e5", "9" * 30, "9" * 400, LONG, "0x" + LONG),
    *("|\n  a", ">\n  b", "\r", "\r\n", "a: &b [*b]\n", "\x1b[31m", "\u202e", "key: key: key\n"),
)
"""Texts for any place of a file."""
COMMANDS: tuple[tuple[str, ...], ...] = (
    *6 * (("check",),),
    *(("check", "--format", "json"), ("check", "--format", "csv"), ("show",), ("summary",)),
    *(("summary", "--format", "json"), ("explain",), ("code",), ("compare",), ("data",)),
    *(("show", "--format", "json"), ("explain", "--format", "json"), ("check", "-q")),
)
VARIED = (
    "units=1,99",
    "depth=1,2,200",
    "cell=gru,x",
    "data.window=9,1e9",
    "a.b=1",
    "units=[1",
    "=",
)


@dataclass(frozen=True)
class ConfigCase:
    """A config's text, and the arguments of the command before and after its name."""

    content: bytes
    command: tuple[str, ...]
    options: tuple[str, ...]


def config_case(number: int) -> ConfigCase:
    """The case of a number."""
    random = Random(f"config {number}")
    content = random.choice(WAYS)(random)
    command = random.choice(COMMANDS)
    options: list[str] = []
    while random.random() < 0.1:
        options += ["--set", _setting(random)]
    if command == ("compare",) and random.random() < 0.7:
        options += ["--vary", random.choice(VARIED)]
    return ConfigCase(content, command, tuple(options))


def bundled_texts() -> list[str]:
    """Every bundled config."""
    paths = [bundled_config(name) for name in bundled_config_names()]
    return [path.read_text(encoding="utf-8") for path in paths if path is not None]


def _damaged_text(random: Random) -> bytes:
    text = random.choice(bundled_texts()) if random.random() < 0.8 else _drawn_text(random)
    for _ in range(random.randint(1, 4)):
        text = random.choice(TEXT_DAMAGE)(text, random)
    content = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.05:
        place = random.randint(0, len(content))
        content = content[:place] + random.randbytes(random.randint(1, 9)) + content[place:]
    if random.random() < 0.02:
        content = text.encode(random.choice(("utf-16", "utf-32", "utf-7")), "replace")
    return content[: random.randint(0, len(content))] if random.random() < 0.03 else content


def _with_token(text: str, random: Random) -> str:
    place = random.randint(0, len(text))
    return text[:place] + random.choice(TOKENS) + text[place + random.choice((0, 0, 1, 5)) :]


def _with_number(text: str, random: Random) -> str:
    """One of its numbers is another value."""
    numbers = list(re.finditer(r"(?<=[ \[:])[\d.]+", text))
    if not numbers:
        return text
    chosen = random.choice(numbers)
    value = random.choice((*TOKENS[-28:], "-1", "0", "2", "999999999", "0.5", "1.0", "100"))
    return text[: chosen.start()] + value + text[chosen.end() :]


def _with_lines(text: str, random: Random) -> str:
    """A line is repeated, removed, moved or indented otherwise."""
    lines = text.split("\n")
    place = random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            lines.insert(random.randrange(len(lines) + 1), lines[place])
        case 1:
            del lines[place]
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(place))
        case 3:
            lines[place] = " " * random.randint(1, 4) + lines[place]
        case _:
            lines[place] = lines[place][random.randint(1, 4) :]
    return "\n".join(lines)


def _with_typo(text: str, random: Random) -> str:
    """One of its words has a letter too many, too few or in the wrong place."""
    words = list(re.finditer(r"[a-z_]{3,}", text))
    if not words:
        return text
    chosen = random.choice(words)
    word = list(chosen[0])
    place = random.randrange(len(word) - 1)
    match random.randrange(3):
        case 0:
            del word[place]
        case 1:
            word[place], word[place + 1] = word[place + 1], word[place]
        case _:
            word.insert(place, word[place])
    return text[: chosen.start()] + "".join(word) + text[chosen.end() :]


def _with_key(text: str, random: Random) -> str:
    """A key of the schema more, at the start of a section that the file has."""
    paths = [(path, section) for path, section in all_sections() if path]
    path, section = random.choice(paths)
    key, field = random.choice(list(section.model_fields.items()))
    line = f"{key}: {json.dumps(key_value(key, field, random))}"
    name = next((str(part) for part in reversed(path) if part != "N"), "model")
    found = re.search(rf"^( *){name}: *\n( *)", text, re.MULTILINE)
    if found is None:
        return f"{text}\n{line}\n"
    return text[: found.end()] + line + "\n" + found[2] + text[found.end() :]


TEXT_DAMAGE = (_with_token, _with_number, _with_lines, _with_typo, _with_key, _with_key)


def _drawn_text(random: Random) -> str:
    return _written(_drawn(random), random)


def _drawn(random: Random) -> Values:
    values = section_values(Config, random)
    if random.random() < 0.7:
        # Most layers that are drawn at random contradict each other.
        values["model"]["layers"] = [{"cell": random.choice(("gru", "lstm")), "units": 4}]
    if random.random() < 0.7:
        values["data"] = _drawn_data(random)
        values.pop("task", None)
    return values


DATA: tuple[Values, ...] = (
    *({"dataset": "amazon", "size": 60}, {"dataset": "co2"}, {"dataset": "sunspots"}),
    *({"train": "small.csv"}, {"train": "tags.jsonl", "text": "words", "label": "tags"}),
    *({"train": "pairs.tsv", "target": "target"}, {"train": "series.csv", "window": 9}),
    *({"train": "text.txt"}, {"dataset": "markov", "size": 600, "window": 9}),
    *({"dataset": "reber", "size": 99}, {"dataset": "addition", "size": 99}),
)
"""Sections `data` that need no time."""


def _drawn_data(random: Random) -> Values:
    """A section `data` that names a bundled dataset or a file, with a few keys more."""
    values: Values = random.choice(DATA).copy()
    for key in random.sample(sorted(DataConfig.model_fields), random.randint(0, 3)):
        values[key] = key_value(key, DataConfig.model_fields[key], random)
    return values


def _written(values: Values, random: Random) -> str:
    if random.random() < 0.3:
        return json.dumps(values)
    return str(
        yaml.dump(values, sort_keys=False, default_flow_style=random.choice((True, False, None)))
    )


def _drawn_config(random: Random) -> bytes:
    return _drawn_text(random).encode("utf-8", "surrogatepass")


def _damaged_values(random: Random) -> bytes:
    values = _drawn(random)
    for _ in range(random.randint(1, 3)):
        _damage(values, random)
    return _written(values, random).encode("utf-8", "surrogatepass")


def _damage(values: Any, random: Random) -> None:
    """Replace, rename or remove something within values."""
    inside, part = values, ""
    while True:
        parts = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        if not parts:
            return
        part = random.choice(parts)
        if not isinstance(inside[part], dict | list) or random.random() < 0.3:
            break
        inside = inside[part]
    kind = random.randrange(4)
    if kind == 0:
        del inside[part]
    elif kind == 1 and isinstance(inside, dict):
        inside[random.choice(("unit", "", "kind", "cell", "name", 1, None, "x"))] = inside.pop(part)
    elif kind == 2 and random.random() < 0.1:
        deep: Any = 1
        for _ in range(random.choice((9, 60, 300))):
            deep = [deep] if random.random() < 0.5 else {"a": deep}
        inside[part] = deep
    else:
        inside[part] = copy.deepcopy(random.choice(JUNK))


def _nearly_valid(random: Random) -> bytes:
    """A valid config, of which one value or two are others that the schema allows."""
    values: Values = yaml.safe_load(random.choice(bundled_texts()))
    if values.get("data") is None or "train" in values["data"] or random.random() < 0.3:
        values["data"] = random.choice(DATA).copy()
        values.pop("task", None)
    for _ in range(random.randint(0, 2)):
        section: type[BaseModel] = Config
        inside = values
        if random.random() < 0.5 and isinstance(values["data"], dict):
            section, inside = DataConfig, values["data"]
        while True:
            key = random.choice([key for key in section.model_fields if key not in ALTERNATIVES])
            inner = sections_in(section.model_fields[key].annotation)
            within = inside.get(key)
            if isinstance(within, list) and within and isinstance(within[0], dict):
                within = random.choice(within)
            if not inner or not isinstance(within, dict) or random.random() < 0.1:
                break
            tag = next((within[name] for name in TAG_KEYS if name in within), None)
            fitting = [choice for choice in inner if tag in tags_of(choice)] or inner[:1]
            section, inside = fitting[0], within
        value = key_value(key, section.model_fields[key], random)
        if isinstance(value, int | float) and random.random() < 0.3:
            value = random.choice((10**4, 10**6, 10**9, 10**12, 2**63 - 1, 2**63, 1e-300, 1e300))
        inside[key] = value
    return _written(values, random).encode("utf-8", "surrogatepass")


WAYS = (_damaged_text, _drawn_config, _damaged_values, _nearly_valid, _nearly_valid, _nearly_valid)


def _setting(random: Random) -> str:
    path, section = random.choice(list(all_sections()))
    key, field = random.choice([*section.model_fields.items()])
    parts = [str(random.randint(0, 2)) if part == "N" else str(part) for part in (*path, key)]
    value = random.choice(
        (
            *(json.dumps(key_value(key, field, random)), random.choice(TOKENS)),
            str(random.choice(JUNK)),
        )
    )
    name = random.choice((".".join(parts), key, "units", "depth", "data.window", "data.transform"))
    return f"{name}={value}".replace("\0", "")


def write_case(case: ConfigCase, folder: Path) -> list[str]:
    """Write the config into a folder; the arguments of the command that is tried."""
    path = folder / "config.yaml"
    path.write_bytes(case.content)
    return [case.command[0], str(path), *case.command[1:], *case.options]
