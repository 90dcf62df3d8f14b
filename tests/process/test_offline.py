"""What every worker is told about the network before it imports anything."""

import subprocess
import sys

_CODE = """
import os, sys
import phidesk.worker.main as worker

def tell(job):
    job.close()
    names = "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "VLLM_NO_USAGE_STATS", "DO_NOT_TRACK"
    print(*(os.environ[name] for name in names), file=sys.stderr)

worker.asyncio.run = tell
worker.main(["--purpose", "anything"])
"""


def test_a_worker_is_offline_before_any_library_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={"HF_HUB_OFFLINE": "0", "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stderr == "1 1 1 1\n"
