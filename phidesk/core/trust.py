"""What in a model a stranger could have meant to run, and how phidesk answers to each of it."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

import msgspec

from phidesk.core.checkpoint import PICKLES, read_json
from phidesk.core.consents import Consent
from phidesk.core.library.walk import repository_of
from phidesk.core.models import Concern, ModelFormat, ModelRef, well_formed
from phidesk.core.odd_templates import Oddity, odd_parts
from phidesk.core.origin import Origin, is_as_it_came, read_origin
from phidesk.core.templates import UnreadableTemplateError, read_templates, template_files

_CONFIGS = ("config.json", "tokenizer_config.json")
_TOKENIZERS = (
    "tokenizer.json", "tokenizer.model", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt",
)  # fmt: skip
_MOST_HASHED = 16 * 2**20  # bytes of a file; the size of the rest counts as well
_SHOWN = 4


class Answer(StrEnum):
    """What phidesk does about a finding."""

    NOTED = "noted"
    """Nothing depends on it: it is never touched."""
    ASKED = "asked"
    """The model is loaded once the user has agreed."""
    REFUSED = "refused"
    """The model is not loaded."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, in which files, why it matters and what phidesk does about it."""

    answer: Answer
    concern: Concern
    what: str
    where: str
    why: str
    remedy: str


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a model, and what names it at this revision.

    source: its repository, or its path. revision: the repository's commit, "" where it is not
    known. digest: SHA-256 of all files that a consent is about: it ends when one changes.
    """

    name: str
    path: str
    source: str
    revision: str
    digest: str
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        """Names the model at this revision."""
        return f"{self.source}@{self.revision}" if self.revision else self.source

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What the model is marked with."""
        found = [f.concern for f in self.findings if f.answer is not Answer.NOTED]
        return tuple(dict.fromkeys(found))

    @property
    def is_refused(self) -> bool:
        """Whether the model is not loaded, whatever the user says."""
        return any(finding.answer is Answer.REFUSED for finding in self.findings)

    @property
    def needs_consent(self) -> bool:
        """Whether the user has to agree before the model is loaded."""
        return not self.is_refused and any(f.answer is Answer.ASKED for f in self.findings)


def inspect(model: ModelRef) -> Trust:
    """Look through a model's files; takes some milliseconds, more for a GGUF's vocabulary."""
    path = Path(model.path)
    folder = path.parent if model.format is ModelFormat.GGUF else path
    source, revision = _origin(folder)
    if source and model.format is ModelFormat.GGUF:
        source = f"{source}/{path.name}"
    code = [] if model.format is ModelFormat.GGUF else code_names(folder)
    findings = [_code(code)] if code else []
    if model.format is ModelFormat.SAFETENSORS:
        findings += _pickles(folder)
    findings += template_findings(model)
    return Trust(
        name=model.name,
        path=model.path,
        source=well_formed(source or model.path),
        revision=well_formed(revision),
        digest=_digest(model, folder),
        findings=tuple(findings),
    )


def make_consent(trust: Trust, today: date) -> Consent:
    """Return the consent to what was found in a model."""
    asked = [finding for finding in trust.findings if finding.answer is Answer.ASKED]
    return Consent(
        name=trust.name,
        source=trust.source,
        revision=trust.revision,
        digest=trust.digest,
        given=today.isoformat(),
        found=tuple(f"{finding.what} ({finding.where})" for finding in asked),
    )


def is_agreed(consents: dict[str, Consent], trust: Trust) -> bool:
    """Return whether a kept consent is about this model as it is now.

    The digest decides: a file that was changed voids the consent, whatever the commit says.
    """
    kept = consents.get(trust.key)
    return kept is not None and kept.digest == trust.digest and not trust.is_refused


def code_names(folder: Path) -> list[str]:
    """Return the classes that the folder's configuration wants from its code, and the *.py."""
    names: list[object] = []
    for config in _CONFIGS:
        wanted = read_json(folder / config)[0].get("auto_map") or {}
        for value in wanted.values() if isinstance(wanted, dict) else [wanted]:
            names += value if isinstance(value, list) else [value]
    names += _matching(folder, (".py",))
    return list(dict.fromkeys(well_formed(str(name)) for name in names if name))


def shortened(names: Iterable[str]) -> str:
    """Return the first few names in one line."""
    every = list(names)
    return ", ".join(every[:_SHOWN]) + (", …" if len(every) > _SHOWN else "")


def template_findings(model: ModelRef) -> list[Finding]:
    """Return what is odd about the model's chat templates."""
    try:
        templates = read_templates(model)
    except UnreadableTemplateError as error:
        return [_template("A chat template that cannot be read", str(error), _UNREADABLE)]
    found: dict[tuple[Oddity, str], str] = {}
    for template in templates:
        for oddity, part in odd_parts(template.text).items():
            found.setdefault((oddity, part), template.file)
    return [
        _template(f"{_ODD[oddity][0]}: {part}", file, _ODD[oddity][1])
        for (oddity, part), file in found.items()
    ]


_UNREADABLE = "An engine might still read it, and nobody could tell what it says."
_ODD = {
    Oddity.REACHES_OUT: (
        "A chat template that reaches for Python's insides",
        "A template only has to write a conversation. What it asks for here is the known way "
        "out of a template and into the program that renders it.",
    ),
    Oddity.OTHER_FILES: (
        "A chat template that wants other files",
        "A template only has to write a conversation, for which it needs no file.",
    ),
    Oddity.ENDLESS: (
        "A chat template that counts very far",
        "It could keep the processor busy for ever, or fill the memory.",
    ),
    Oddity.HUGE: (
        "A chat template of an absurd size",
        "Nobody can read through it, and rendering it could take for ever.",
    ),
}


def _template(what: str, where: str, why: str) -> Finding:
    return Finding(
        answer=Answer.ASKED,
        concern=Concern.TEMPLATE,
        what=what,
        where=where,
        why=why,
        remedy="phidesk loads the model once you agree, and even then lets the template have "
        "neither files nor Python's insides, nor more than a few seconds and some memory.",
    )


def _code(names: list[str]) -> Finding:
    return Finding(
        answer=Answer.ASKED,
        concern=Concern.REMOTE_CODE,
        what="Program code",
        where=shortened(names),
        why="It is a stranger's program: once run, it can do all that you can, such as read "
        "your files or delete them.",
        remedy="phidesk never runs it. Once you agree, the engine loads the model with classes "
        "of its own, where it has some for this architecture.",
    )


def _pickles(folder: Path) -> Iterator[Finding]:
    pickles = _matching(folder, PICKLES)
    if not pickles:
        return
    spare = bool(_matching(folder, (".safetensors",)))
    yield Finding(
        answer=Answer.NOTED if spare else Answer.REFUSED,
        concern=Concern.PICKLE,
        what="Pickles beside the weights" if spare else "Weights as pickles",
        where=shortened(pickles),
        why="A pickle is a small program that runs when it is read.",
        remedy="phidesk never opens them: the weights are there as safetensors."
        if spare
        else "phidesk does not load it: get the same model as safetensors or GGUF.",
    )


def _matching(folder: Path, ends: tuple[str, ...]) -> list[str]:
    try:
        names = [entry.name for entry in folder.iterdir() if entry.name.endswith(ends)]
    except OSError:
        return []
    return sorted(map(well_formed, names))


def _origin(folder: Path) -> tuple[str, str]:
    """Return repository and commit, from a download's own note or the Hugging Face cache."""
    origin = read_origin(folder)
    if origin is not None and origin.repo and _is_about(origin, folder):
        return origin.repo, origin.commit
    cached = repository_of(folder)
    return cached[1:] if cached is not None else ("", "")


def _is_about(origin: Origin, folder: Path) -> bool:
    """Return whether all small files that matter are those that the note tells of.

    The note may be a stranger's, or of files that were replaced: then it names nothing.
    """
    small = [folder / name for name in _TOKENIZERS]
    there = [path for path in [*_files_that_matter(folder), *small] if os.path.lexists(path)]
    told = origin.files
    return bool(there) and all(
        is_as_it_came(path, told.get(path.relative_to(folder).as_posix(), "")) for path in there
    )


def _files_that_matter(folder: Path) -> list[Path]:
    """Return all files that could run or that say what runs, there or not."""
    files = {folder / name for name in (*_CONFIGS, *_matching(folder, (".py",)))}
    with contextlib.suppress(OSError):  # a folder that cannot be listed loads nothing
        files |= set(template_files(folder))
    return sorted(files)


def _digest(model: ModelRef, folder: Path) -> str:
    """Return the SHA-256 of all that could run: code, configuration and templates."""
    total = hashlib.sha256()
    if model.format is ModelFormat.GGUF:
        try:
            texts = [f"{t.name}\0{t.text}" for t in read_templates(model)]
        except UnreadableTemplateError as error:
            texts = [str(error)]
        total.update("\0".join(texts).encode("utf-8", "surrogatepass"))
        return total.hexdigest()
    for path in _files_that_matter(folder):
        try:
            info = path.stat()
            if not stat.S_ISREG(info.st_mode):  # a pipe would keep the reader waiting for ever
                continue
            with path.open("rb") as file:
                head = file.read(_MOST_HASHED)
        except OSError:
            continue
        name = path.relative_to(folder).as_posix()
        total.update(f"{name}\0{info.st_size}\0".encode("utf-8", "surrogatepass"))
        total.update(hashlib.sha256(head).digest())
    return total.hexdigest()
