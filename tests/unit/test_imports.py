"""What the two processes must not load. The layers themselves are import-linter's."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def loaded_after(module: str) -> set[str]:
    """Import the module in a new interpreter and return the top-level names that it loaded."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        (
            "phidesk.app",
            {
                "huggingface_hub",
                "httpx2",
                "keyring",
                "torch",
                "transformers",
                "vllm",
                "xllamacpp",
                "auto_round",
            },
        ),
        ("phidesk.cli.pull", {"huggingface_hub", "httpx2", "keyring", "PySide6"}),
        (
            "phidesk.worker.main",
            {"huggingface_hub", "PySide6", "shiboken6", "qasync", "torch", "transformers"},
        ),
        ("phidesk.core.catalog", {"PySide6", "numpy", "torch", "gguf", "safetensors"}),
    ],
)
def test_a_process_does_not_load_what_belongs_to_another(module: str, forbidden: set[str]) -> None:
    loaded = loaded_after(module)
    assert "phidesk" in loaded
    assert loaded & forbidden == set()
