"""Tidies the weight files that AutoRound wrote layer by layer."""

import shutil
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from safetensors import safe_open

_MOST_BYTES = 5 * 10**9  # a file, the limit that the Hub's own tools use
_PACKED = (".qweight", ".weight_packed")


def tidy(folder: Path) -> None:
    """Write small copies into one file, and drop weights that are there packed as well.

    A resumed run of AutoRound 0.16 saves the layers of the run before a second time, unpacked.
    """
    files = sorted(folder.glob("*.safetensors"))
    names: dict[str, Path] = {}
    for file in files:
        with safe_open(file, framework="pt") as tensors:
            names |= dict.fromkeys(tensors.keys(), file)
    packed = {name.removesuffix(end) for name in names for end in _PACKED if name.endswith(end)}
    stale = {f"{layer}.weight" for layer in packed} & names.keys()
    is_small = len(files) > 1 and sum(file.stat().st_size for file in files) <= _MOST_BYTES
    if not stale and not is_small:
        return
    state: dict[str, torch.Tensor] = {}
    for name in [name for name in names if name not in stale]:
        with safe_open(names[name], framework="pt") as tensors:
            state[name] = tensors.get_tensor(name)
    new = folder / "tidy"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    save_torch_state_dict(state, new, max_shard_size=_MOST_BYTES)
    state.clear()
    names_now = {file.name for file in new.iterdir()}
    for file in list(new.iterdir()):
        file.replace(folder / file.name)
    for file in (*files, folder / "model.safetensors.index.json"):
        if file.name not in names_now:
            file.unlink(missing_ok=True)
    new.rmdir()
