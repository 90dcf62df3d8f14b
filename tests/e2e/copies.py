"""A small copy of the starter model, made by phidesk's own quantizer."""

import subprocess
import sys
from pathlib import Path


def quantize_starter(folder: str, out: Path, *options: str) -> Path:
    """Make the starter model small as the options say."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "phidesk",
            "quantize",
            "--model",
            folder,
            "--out",
            str(out),
            *options,
        ],
        check=True,
        capture_output=True,
    )
    return out
