"""`phidesk estimate`: what a model would take of the memory, by part, and what would fit."""

import argparse
import json
import sys
from typing import Any

from phidesk.cli.load_options import read_load_options
from phidesk.cli.tables import table
from phidesk.core.amounts import exact_size
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.engines import EngineName, NoEngineError, choose_engine
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.library.closer import header_problem
from phidesk.core.memory import read_facts
from phidesk.core.models import Device, ModelFormat
from phidesk.hardware.estimator import draft_facts, estimator_for
from phidesk.hardware.fit import fit
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import HardwareSampler


def run_estimate(options: argparse.Namespace) -> int:
    """Print the estimate; returns 0 where the model fits, 1 where it does not, 2 for an error."""
    try:
        found = _estimate(options)
    except (ModelNotFoundError, NoEngineError, ValueError) as error:
        print(f"phidesk: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found))
    else:
        _print(found)
    return 1 if found["problem"] else 0


def _estimate(options: argparse.Namespace) -> dict[str, Any]:
    model = open_model(options.model)
    problem = model.problem
    if not problem and model.format is ModelFormat.GGUF:
        problem = header_problem(model)
    if problem:
        raise ValueError(f"{problem}.")
    load_options = read_load_options(options)
    sample = HardwareSampler().sample()
    wanted = EngineName(options.engine) if options.engine else None
    engine = choose_engine(model, wanted, machine_of(sample))
    facts = read_facts(model)
    history = EstimateHistory()
    if facts is None:
        raise ValueError(f"The files of “{model.name}” cannot be read.")
    draft = draft_facts(load_options)
    made = estimator_for(model, facts, engine, load_options, sample, history, draft)
    needs = made.at(options.context)
    if needs is None:
        raise ValueError(f"The files of “{model.name}” do not tell what it takes.")
    found = fit(made, needs, sample)
    doubled = made.doubled(options.context)
    quality = history.quality(engine, made.device)
    longest = model.context_length or needs.context
    return {
        "model": model.name,
        "engine": engine.value,
        "device": "gpu" if made.device is Device.CUDA else "cpu",
        "context": needs.context,
        "weights_bytes": needs.weights,
        "kv_bytes": needs.kv,
        "workspace_bytes": needs.workspace,
        "total_bytes": needs.total,
        "doubled_bytes": doubled.total if doubled is not None else None,
        "free_bytes": found.free,
        "largest_context": made.fitting(longest, found.free),
        "problem": found.problem,
        "loads_compared": quality.loads if quality else 0,
        "mean_error": quality.mean if quality else None,
    }


def _print(found: dict[str, Any]) -> None:
    place = "of each GPU" if found["device"] == "gpu" else "of the computer"
    compared = found["loads_compared"]
    quality = "no load on this machine yet to compare with"
    if compared:
        loads = "the last load" if compared == 1 else f"{compared} loads, on average,"
        quality = f"{found['mean_error']:.1%} off for {loads} on this machine"
    rows = [
        ("model", found["model"]),
        ("engine", EngineName(found["engine"]).label),
        ("weights", exact_size(found["weights_bytes"])),
        (f"KV cache for {found['context']:,} tokens", exact_size(found["kv_bytes"])),
        ("workspace", exact_size(found["workspace_bytes"])),
        ("together", exact_size(found["total_bytes"])),
        (f"free memory {place}", exact_size(found["free_bytes"])),
        ("largest context that fits", f"{found['largest_context']:,} tokens"),
        ("such estimates were", quality),
    ]
    if found["doubled_bytes"]:
        row = "in 32 bits, should the first load find that faster"
        rows.insert(6, (row, exact_size(found["doubled_bytes"])))
    for line in table(rows):
        print(line)
    if found["problem"]:
        print(found["problem"])
