"""A small copy of the starter model, made by phidesk's own quantizer."""

import subprocess
import sys
from pathlib import Path


def quantize_starter(folder: str, out: Path, *options: str) -> Path:
    """Round the starter model to 4 bits with group size 64, or as the options say."""
    how = options or ("--algorithm", "rtn", "--format", "auto_round", "--group-size", "64")
    subprocess.run(
        [sys.executable, "-m", "phidesk", "quantize", "--model", folder, "--out", str(out), *how],
        check=True,
        capture_output=True,
    )
    return out
