"""`phidesk report`: what a copy lost and won against its original."""

import argparse
import asyncio
import sys

import msgspec

from phidesk.cli.chat import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from phidesk.client.process import ProcessWorkerClient
from phidesk.client.report import ReportError, make_report
from phidesk.client.report_side import ReportProgress
from phidesk.core.amounts import exact_size
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.engines import EngineName
from phidesk.core.models import ModelRef
from phidesk.core.paths import cache_dir
from phidesk.core.recipes import Recipe
from phidesk.core.report import (
    THRESHOLDS,
    Answer,
    Report,
    Side,
    Verdict,
    folder_of,
    save_report,
    saved_report,
)
from phidesk.core.texts import held_out_texts
from phidesk.hardware.memory import worker_memory

_LEAST_TOKENS = 2
_DIFFERENCE = "▶"


def run_report(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if options.sequences < 1 or options.sequence_length < _LEAST_TOKENS:
        return _refuse(options, "At least one sequence of two tokens is needed.", EXIT_USAGE)
    try:
        original, copy = open_model(options.original), open_model(options.copy)
    except (ValueError, ModelNotFoundError) as error:
        return _refuse(options, str(error), EXIT_USAGE)
    try:
        report = asyncio.run(_make(options, original, copy))
        saved = save_report(report, folder_of(copy)) if options.save else None
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except ReportError as error:
        return _refuse(options, str(error), details=error.details)
    except OSError as error:
        return _refuse(options, f"The report cannot be saved: {error}.")
    if options.json:
        print(_as_json(report), flush=True)
    else:
        _print(report)
        if saved is not None:
            print(f"\nSaved as {saved}")
    return 0


async def _make(options: argparse.Namespace, original: ModelRef, copy: ModelRef) -> Report:
    return await make_report(
        original,
        copy,
        spawn=lambda engine: ProcessWorkerClient(preload=engine),
        measure=worker_memory,
        on_progress=_print_event if options.json else _Line().show,
        texts=held_out_texts(),
        cache_dir=cache_dir() / "reports",
        recipe=_recipe(copy),
        sequence_length=options.sequence_length,
        sequences=options.sequences,
        without_code=options.without_code,
    )


def _recipe(copy: ModelRef) -> Recipe | None:
    """Return what the copy was made with, where an earlier report beside it says so."""
    before = saved_report(copy)
    return before.recipe if before is not None and before.copy.path == copy.path else None


class _Line:
    """One line of progress that is written over, where somebody watches."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def show(self, progress: ReportProgress) -> None:
        if self._is_shown:
            share = progress.done / progress.total
            text = f"{share:4.0%}  {progress.model}: {progress.stage} {progress.detail}"
            end = "\r" if share < 1 else "\n"
            print(f"\x1b[2K{text[:100]}", end=end, file=sys.stderr, flush=True)


def _as_json(report: Report) -> str:
    """Return one line: the fields of the report, and what follows from them."""
    found = {
        "type": "report",
        **msgspec.to_builtins(report),
        "mean_kl": report.mean_kl,
        "agreement": report.agreement,
        "verdict": report.verdict.value,
    }
    return msgspec.json.encode(found).decode()


def _print(report: Report) -> None:
    sides = (report.original, report.copy)
    rows = [
        ("", "original", "copy"),
        ("model", *(side.name for side in sides)),
        ("weights", *(side.quantization or "unquantized" for side in sides)),
        ("engine", *(EngineName(side.engine).label for side in sides)),
        ("size on disk", *(exact_size(side.size_bytes) for side in sides)),
        ("memory loaded", *(exact_size(side.memory_bytes) for side in sides)),
        ("tokens/s", *(f"{side.tokens_per_second:.1f}" for side in sides)),
    ]
    rows += [(f"perplexity, {name}", *_perplexities(name, sides)) for name in report.tokens]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    print(f"\n{'texts':{widths[0]}}  {'tokens':>7}  {'KL in nats':>10}  {'top-1 agreement':>15}")
    for name, tokens in report.tokens.items():
        kl, agreement = report.kl_divergence[name], report.top1_agreement[name]
        print(f"{name:{widths[0]}}  {tokens:7,}  {kl:10.5f}  {agreement:15.2%}")
    total = sum(report.tokens.values())
    print(f"{'all':{widths[0]}}  {total:7,}  {report.mean_kl:10.5f}  {report.agreement:15.2%}")
    print(f"\nVerdict: {report.verdict}")
    for verdict, (most_kl, least) in THRESHOLDS.items():
        print(f"  {verdict:9}  KL of at most {most_kl:g} and agreement of at least {least:.0%}")
    print(f"  {Verdict.POOR:9}  everything else")
    print(f"\nGreedy answers ({_DIFFERENCE} marks the first difference)")
    for answer in report.answers:
        _print_answer(answer)


def _perplexities(name: str, sides: tuple[Side, Side]) -> tuple[str, str]:
    original, copy = (side.perplexity[name] for side in sides)
    return f"{original:.3f}", f"{copy:.3f} ({copy / original - 1:+.1%})"


def _print_answer(answer: Answer) -> None:
    print(f"\n  {answer.prompt}")
    if answer.difference is None:
        print(f"    both:      {_indented(answer.original)}")
        return
    for label, text in (("original:", answer.original), ("copy:", answer.copy)):
        marked = text[: answer.difference] + _DIFFERENCE + text[answer.difference :]
        print(f"    {label:9}  {_indented(marked)}")


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n" + " " * 15)


def _print_event(event: object) -> None:
    print(msgspec.json.encode(event).decode(), flush=True)


def _refuse(
    options: argparse.Namespace, message: str, status: int = EXIT_FAILED, details: str = ""
) -> int:
    if options.json:
        _print_event({"type": "failed", "message": message, "details": details})
    print(f"phidesk: {message}", file=sys.stderr)
    return status
