"""Becomes uv, which then ends with the window: `python -m phidesk.client.uv_guard UV ARGUMENT…`.

The kernel sees to it, on Linux. Elsewhere uv goes on to its end, and holds the lock until then.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel to end this process with its parent, and become uv."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    command = sys.argv[sys.argv.index("--") + 1 :]
    os.execv(command[0], command)  # noqa: S606 - the command line that run_uv made


if __name__ == "__main__":
    main()
