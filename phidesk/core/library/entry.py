"""What the library knows about one model beside what the picker needs."""

import msgspec

from phidesk.core.library.places import Source
from phidesk.core.models import ModelRef

MOST_FILES = 200


class ModelFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file that belongs to a model; name: from the model's folder on."""

    name: str
    size: int


class Figures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The sizes of a model's network; None for what its files do not tell."""

    layers: int | None = None
    heads: int | None = None
    kv_heads: int | None = None
    hidden: int | None = None
    experts: int | None = None
    vocabulary: int | None = None


class LibraryEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One model with all that its files tell.

    family: such as "Qwen3". network: the class or the name of the architecture. parameters: None
    where unknown; is_exact: counted, not told or estimated. bits: of a weight in the layers.
    has_template: None where nobody has looked yet. quantization: the quantization config.
    verdict: of the report card, "" without one. files: the first MOST_FILES; file_count: all.
    repo, revision: where it was downloaded from. aliases: other names of the same file.
    modified: of the newest file of weights, in seconds since 1970.
    """

    ref: ModelRef
    source: Source
    family: str = ""
    network: str = ""
    parameters: int | None = None
    is_exact: bool = False
    bits: float | None = None
    licence: str = ""
    figures: Figures = Figures()
    has_template: bool | None = None
    quantization: dict[str, str] = {}
    verdict: str = ""
    files: tuple[ModelFile, ...] = ()
    file_count: int = 0
    repo: str = ""
    revision: str = ""
    aliases: tuple[str, ...] = ()
    modified: float = 0.0


class Duplicates(msgspec.Struct, frozen=True, kw_only=True):
    """Models with the same weights.

    copies: their paths; those that are one and the same file on disk stand together.
    """

    copies: tuple[tuple[str, ...], ...]
