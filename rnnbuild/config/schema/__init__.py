"""The config's schema: what every key is called, which values it takes and what it means."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr

from rnnbuild.config.places import NOWHERE, Path, Places
from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.model import ModelConfig
from rnnbuild.config.schema.search import Searched
from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.errors import Place
from rnnbuild.tasks.facts import Task

ALTERNATIVES = frozenset({"variants", "search"})
"""Keys at the top that say what else the config might be; no override sets them."""


def none_if_empty(value: Any) -> Any:
    """`data: {}` names no data, as if the key were left out."""
    return None if value == {} else value


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]


class Config(Section):
    """One checked config. Every value knows where it was written: see `place`."""

    name: Name
    """What the run's folder is called; by default as the file is."""
    task: Task | None = None
    """Follows from the dataset or the columns."""
    data: Annotated[DataConfig | None, BeforeValidator(none_if_empty)] = None
    """A bundled dataset, or files, and how they become sequences."""
    model: ModelConfig
    """The network: embedding, layers, pooling and head."""
    training: TrainingConfig = TrainingConfig.model_construct()
    """How long, in what steps and with which optimizer."""
    variants: dict[str, list[Any]] = Field(default_factory=dict)
    """Alternatives of any key, for `compare` and `study`."""
    search: dict[str, Searched] = Field(default_factory=dict)
    """Ranges and alternatives of any key, from which `tune` chooses."""

    _places: Places = PrivateAttr(default=NOWHERE)
    _accepts_idle: bool = PrivateAttr(default=False)

    def place(self, *path: str | int) -> Place | None:
        """Where the value at a path, or the nearest thing around it, was written."""
        return self._places.of(path)

    @property
    def places(self) -> Places:
        return self._places

    @property
    def accepts_idle(self) -> bool:
        """Whether keys that do nothing are accepted: those of a run's config."""
        return self._accepts_idle

    def written_at(self, places: Places, accepts_idle: bool = False) -> "Config":
        """The same config, its values written at these places, perhaps by a run."""
        self._places, self._accepts_idle = places, accepts_idle
        if self.data is not None:
            self.data.written_at(places, accepts_idle)
        return self


__all__ = ["ALTERNATIVES", "Config", "Path"]
