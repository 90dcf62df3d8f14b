"""`phidesk pull`: models from the Hugging Face Hub or ModelScope, on the terminal."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable

import msgspec

from phidesk.cli.chat import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from phidesk.client.jobs import JobError, JobRunner
from phidesk.client.process import DOWNLOAD_PURPOSE, ProcessWorkerClient
from phidesk.client.tokens import TokenStore
from phidesk.core.amounts import exact_size
from phidesk.core.downloads import disk_problem, kept_bytes, plan_of
from phidesk.core.hub import (
    OFFLINE_WORDS,
    RepoListing,
    Source,
    endpoint_of,
    parse_repo,
    takes_token,
)
from phidesk.core.hub_files import Variant, including, preselected, variants_of
from phidesk.core.paths import models_dir
from phidesk.core.rates import Rate
from phidesk.core.settings import SettingsFile
from phidesk.protocol.commands import Download, ListRepo
from phidesk.protocol.events import Downloaded, Event, Failed, Finished, Log, Progress, RepoListed

_LIST, _JOB = "list", "pull"
_LINE_S = 5.0  # between lines, where the output is no terminal


def run_pull(options: argparse.Namespace) -> int:
    """Run `phidesk pull` and return its exit status."""
    file = SettingsFile()
    settings = file.load()
    try:
        if settings.offline:
            raise ValueError(file.problem or OFFLINE_WORDS)
        repo, page = parse_repo(options.repo)
        source = Source(options.source) if options.source else page or Source.HUGGINGFACE
        endpoint = endpoint_of(source, settings.hub_mirror)
    except ValueError as error:
        print(f"phidesk: {error}", file=sys.stderr)
        return EXIT_USAGE
    token = TokenStore().load()[0] if takes_token(endpoint) else ""
    command = ListRepo(
        job_id=_LIST,
        source=source,
        endpoint=endpoint,
        repo=repo,
        revision=options.revision,
        token=token,
    )
    try:
        return asyncio.run(_pull(command, options.include or [], as_json=options.json))
    except KeyboardInterrupt:
        print("\nphidesk: what came is kept; the same command goes on with it.", file=sys.stderr)
        return EXIT_INTERRUPTED


async def _pull(command: ListRepo, patterns: list[str], *, as_json: bool) -> int:
    try:
        async with JobRunner(ProcessWorkerClient(arguments=DOWNLOAD_PURPOSE)) as worker:
            listing = await _list(worker, command)
            variant = including(listing.files, patterns) if patterns else _chosen(listing)
            if variant is None:
                print(f"phidesk: {_nothing(listing, patterns)}", file=sys.stderr)
                return EXIT_FAILED
            plan = plan_of(listing, variant, models_dir())
            if not as_json:
                _say_what_is_there(listing, variant)
                _say_what_is_kept(kept_bytes(plan), plan.total)
            if problem := disk_problem(plan):
                print(f"phidesk: {problem}", file=sys.stderr)
                return EXIT_FAILED
            show = _print_event if as_json else _Line().show
            download = Download(job_id=_JOB, plan=plan, token=command.token)
            async for event in worker.run(download):
                show(event)
    except JobError as error:
        if as_json:
            failed = Failed(job_id=_JOB, kind=error.kind, message=str(error), details=error.details)
            _print_event(failed)
        print(f"phidesk: {error}", file=sys.stderr)
        return EXIT_FAILED
    return 0


async def _list(worker: JobRunner, command: ListRepo) -> RepoListing:
    listing: RepoListing | None = None
    async for event in worker.run(command):
        if isinstance(event, RepoListed):
            listing = event.listing
    assert listing is not None  # noqa: S101 - it came before Finished
    return listing


def _chosen(listing: RepoListing) -> Variant | None:
    return preselected(variants_of(listing.files))


def _nothing(listing: RepoListing, patterns: list[str]) -> str:
    if variants := variants_of(listing.files):
        names = ", ".join(variant.name for variant in variants)
        return f"Nothing in “{listing.repo}” matches {' or '.join(patterns)}. It has: {names}."
    return (
        f"“{listing.repo}” has neither safetensors nor GGUF files. phidesk fetches nothing else: "
        "other files can run code when they are read."
    )


def _say_what_is_there(listing: RepoListing, variant: Variant) -> None:
    licence = f", licence {listing.licence}" if listing.licence else ""
    print(f"{listing.repo} at {listing.commit[:12]} from {listing.endpoint}{licence}")
    others = [v for v in variants_of(listing.files) if v.name != variant.name]
    for other in others:
        print(f"        {other.name}: {exact_size(other.size)}")
    name = variant.name or "chosen files"
    print(f"  fetch {name}: {len(variant.files)} files, {exact_size(variant.size)}", flush=True)
    if others:
        print("  (--include '*NAME*' fetches another)", flush=True)


def _say_what_is_kept(kept: int, total: int) -> None:
    if kept:
        print(f"  goes on: {exact_size(kept)} of {exact_size(total)} are there", flush=True)


class _Line:
    """The progress as one line that changes, or as a line now and then where it goes to a file."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rate = Rate()
        self._stage = ""
        self._printed = 0.0
        self._wide = sys.stdout.isatty()

    def show(self, event: Event) -> None:
        """Print an event, if it says something new."""
        match event:
            case Progress():
                self._show_progress(event)
            case Downloaded():
                came = f"{exact_size(event.fetched_bytes)} in {event.seconds:.0f} s"
                self._print(
                    f"done: {event.path} ({exact_size(event.size_bytes)}; fetched {came})\n"
                )
            case _:
                pass

    def _show_progress(self, event: Progress) -> None:
        now = self._clock()
        if event.stage == "downloading":
            self._rate.add(now, event.done)
        else:
            self._rate.clear()
        is_news = event.stage != self._stage and event.stage in ("waiting", "checking")
        if not (self._wide or is_news or now - self._printed >= _LINE_S):
            return
        self._stage, self._printed = event.stage, now
        if event.stage == "waiting":
            self._print(f"  {event.text}", keep=True)
            return
        total = event.total or 0
        parts = [f"{exact_size(event.done)} of {exact_size(total)}"] if total else []
        if self._rate.per_second:
            parts.append(f"{exact_size(self._rate.per_second)}/s")
            left = self._rate.remaining_s(total - event.done)
            parts.append(f"{_time(left)} left" if left is not None else "")
        parts.append(event.text)
        self._print(f"  {event.stage} " + ", ".join(part for part in parts if part))

    def _print(self, text: str, *, keep: bool = False) -> None:
        if self._wide:
            end = "\n" if keep else ""
            print(f"\r\x1b[K{text}", end=end, flush=True)
        else:
            print(text.rstrip("\n"), flush=True)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _print_event(event: Event) -> None:
    if not isinstance(event, Log | Finished):
        print(msgspec.json.encode(event).decode(), flush=True)
