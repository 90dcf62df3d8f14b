"""Words for the library's columns, sources and fits."""

from PySide6.QtCore import QObject

from phidesk.core.engines import EngineName
from phidesk.core.library.places import Source
from phidesk.ui.format import size
from phidesk.ui.language import counted
from phidesk.viewmodels.library import Column, Row
from phidesk.viewmodels.library_fit import Fit, FitResult
from phidesk.viewmodels.words import in_words

NONE = "—"


def column_title(where: QObject, column: Column) -> str:
    """Return the head of a column."""
    titles = {
        Column.NAME: where.tr("Model"),
        Column.FAMILY: where.tr("Family"),
        Column.PARAMETERS: where.tr("Params"),
        Column.BITS: where.tr("Format"),
        Column.SIZE: where.tr("Size"),
        Column.CONTEXT: where.tr("Context"),
        Column.FIT: where.tr("Fit"),
        Column.ENGINES: where.tr("Engines"),
        Column.LICENCE: where.tr("Licence"),
    }
    return titles[column]


def source_text(where: QObject, source: Source) -> str:
    """Return whose folder a model lies in."""
    names = {
        Source.STARTER: where.tr("Starter model"),
        Source.OWN: where.tr("phidesk"),
        Source.FOLDER: where.tr("Your folders"),
        Source.HUGGING_FACE: where.tr("Hugging Face cache"),
    }
    return names.get(source) or source.program


def fit_word(where: QObject, fit: Fit) -> str:
    """Return how a model fits, in a word or two."""
    words = {
        Fit.FITS: where.tr("fits"),
        Fit.TIGHT: where.tr("tight"),
        Fit.TOO_LARGE: where.tr("too large"),
        Fit.UNKNOWN: NONE,
    }
    return words[fit]


def fit_text(where: QObject, found: FitResult) -> str:
    """Return how a model fits, with the numbers; "" where that is not known."""
    if found.fit is Fit.UNKNOWN:
        return ""
    place = where.tr("GPU memory") if found.on_gpu else where.tr("RAM")
    words = where.tr("needs about {0} of {1} free {2}")
    return words.format(size(found.needs), size(found.free), place)


def parameters_text(count: int | None) -> str:
    """Return a number of parameters as people name models: "135M", "8.0B"."""
    if not count:
        return NONE
    for unit, name in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if count >= 0.9995 * unit:
            figure = count / unit
            return f"{figure:.0f}{name}" if figure >= 100 or unit == 1e6 else f"{figure:.1f}{name}"
    return f"{count:,}"


def context_text(tokens: int | None) -> str:
    """Return a context length in short: "8K", "1M"."""
    if not tokens:
        return NONE
    if tokens >= 1_000_000:
        return f"{tokens / 2**20:.3g}M"
    return f"{tokens / 1024:.3g}K" if tokens >= 1024 else str(tokens)


def engines_text(engines: tuple[EngineName, ...]) -> str:
    """Return the engines that run a model here."""
    return ", ".join(engine.label for engine in engines) or NONE


def cell_text(where: QObject, row: Row, column: Column) -> str:
    """Return what a cell says."""
    entry, ref = row.entry, row.ref
    match column:
        case Column.NAME:
            return ref.name
        case Column.FAMILY:
            return entry.family or NONE
        case Column.PARAMETERS:
            return parameters_text(entry.parameters)
        case Column.BITS:
            return ref.quantization or NONE
        case Column.SIZE:
            return size(ref.size_bytes)
        case Column.CONTEXT:
            return context_text(ref.context_length)
        case Column.FIT:
            return fit_word(where, row.fit.fit)
        case Column.ENGINES:
            return engines_text(row.engines)
        case Column.LICENCE:
            return in_words(entry.licence) or NONE


def second_line(where: QObject, row: Row) -> str:
    """Return what stands below a model's name: what is wrong, or where it is from."""
    if row.ref.problem:
        return in_words(row.ref.problem)
    entry = row.entry
    parts = [entry.family, source_text(where, entry.source)]
    if entry.repo and entry.repo != row.ref.name:
        parts[1] = entry.repo
    if row.apart:  # what tells it from others of its name says more
        parts[1] = row.apart
    if row.copies:
        parts.append(where.tr("{0} duplicates", None, counted(row.copies)).format(row.copies))
    return " · ".join(part for part in parts if part)
