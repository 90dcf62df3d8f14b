"""Tries an engine environment before it is used, and looks at a Python that the user names."""

import asyncio
import contextlib
import os
from importlib.machinery import PathFinder
from pathlib import Path

import msgspec

from phidesk.client.jobs import JobError, JobRunner
from phidesk.client.process import ProcessWorkerClient
from phidesk.client.uv import EngineInstallError, Trouble
from phidesk.core import catalog
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.core.engine_environments import Environment, packages_in
from phidesk.core.engine_python import variables_for
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import TokenDelta

_LOOK_S, _IMPORT_S, _ANSWER_S = 60.0, 600.0, 600.0
_TOKENS = 4
_MODULES = ("torch", "transformers", "accelerate", "safetensors")
# What phidesk's own code needs beside the engines.
_BASE = ("msgspec", "platformdirs", "psutil", "jinja2")
_LOOK = (
    "import sys; sys.path[:] = [p for p in sys.path if p]\n"  # as -P, which came with 3.11
    "import importlib.util as u, json, platform, site, sysconfig\n"
    "paths = [sysconfig.get_path('purelib'), sysconfig.get_path('platlib'), *sys.path]\n"
    "sites = [p for p in dict.fromkeys(paths) if p.endswith(('site-packages', 'dist-packages'))]\n"
    "lacks = [m for m in sys.argv[1:] if u.find_spec(m) is None]\n"
    "print(json.dumps([platform.python_version(), sites, lacks]))"
)


async def look_at(python: Path) -> tuple[Environment, tuple[str, ...]]:
    """Return the environment of a Python, and which of phidesk's modules it lacks.

    Raises EngineInstallError where it is no Python, or one that phidesk does not run on.
    """
    out = await _run(python, "-c", _LOOK, *_BASE, *_MODULES, limit_s=_LOOK_S)
    try:
        version, sites, lacks = msgspec.json.decode(out, type=tuple[str, list[str], list[str]])
    except msgspec.DecodeError:
        words = f"“{python}” is not a Python that phidesk understands."
        raise EngineInstallError(Trouble.PYTHON, words) from None
    if not (3, 11) <= tuple(int(part) for part in version.split(".")[:2]) < (3, 14):
        words = f"“{python}” is Python {version}: phidesk needs 3.11, 3.12 or 3.13."
        raise EngineInstallError(Trouble.PYTHON, words)
    there = tuple(filter(os.path.isdir, sites))
    found = Environment(
        python=str(python), sites=there, version=version, packages=packages_in(there)
    )
    return found, tuple(lacks)


async def choose(python: Path) -> Environment:
    """Return the environment of a Python that the user names; raises EngineInstallError."""
    found, lacks = await look_at(python)
    if lacks:
        raise EngineInstallError(
            Trouble.PYTHON,
            f"“{python}” lacks {', '.join(lacks)}. Install them there, or choose another Python.",
        )
    return found


async def try_engines(environment: Environment) -> None:
    """Import the engines, and have the starter model answer in a real worker of theirs.

    Raises EngineInstallError where one of it fails.
    """
    python = Path(environment.python)
    names = ["torch", "transformers", "accelerate", "auto_round"]
    if PathFinder.find_spec("vllm", list(environment.sites)) is not None:
        names.append("vllm")
    trial = f"import {', '.join(names)}; print('[]')"
    await _run(python, "-P", "-c", trial, limit_s=_IMPORT_S)
    model = await asyncio.to_thread(catalog.starter)
    if model is None:  # a window without the starter model: the imports have to do
        return
    load = LoadModel(job_id="load", model=model, engine="transformers", context_length=512)
    ask = Generate(
        job_id="ask",
        messages=(Message(role=Role.USER, content="What is the capital of France?"),),
        sampling=SamplingParams(temperature=0, max_tokens=_TOKENS),
    )
    text = ""
    try:
        async with (
            asyncio.timeout(_ANSWER_S),
            JobRunner(ProcessWorkerClient(environment.python)) as worker,
        ):
            async for _event in worker.run(load):
                pass
            async for event in worker.run(ask):
                text += event.text if isinstance(event, TokenDelta) else ""
    except (JobError, TimeoutError) as error:
        details = error.details if isinstance(error, JobError) else ""
        why = str(error) or f"nothing came within {_ANSWER_S:.0f} s."
        words = f"The new engines were installed, but do not answer: {why}"
        raise EngineInstallError(Trouble.TEST, words, details) from error
    if not text:
        words = "The new engines were installed, but the starter model is silent in them."
        raise EngineInstallError(Trouble.TEST, words)


async def _run(python: Path, *arguments: str, limit_s: float) -> bytes:
    """Return what is printed by another Python; raises EngineInstallError."""
    try:
        process = await asyncio.create_subprocess_exec(
            *(str(python), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=variables_for(str(python)),
        )
    except OSError as error:
        words = f"“{python}” could not be started: {error.strerror or error}."
        raise EngineInstallError(Trouble.PYTHON, words) from error
    try:
        out, errors = await asyncio.wait_for(process.communicate(), limit_s)
    except TimeoutError:
        words = f"“{python}” did not answer within {limit_s:.0f} s."
        raise EngineInstallError(Trouble.TEST, words) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        details = errors.decode("utf-8", "replace")
        last = details.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
        raise EngineInstallError(
            Trouble.TEST, f"The engines in “{python}” do not work: {last[0]}", details
        )
    return out
