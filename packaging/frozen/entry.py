"""Where the frozen phidesk begins: the app, or what the app starts as `python -m` or `-c`.

The app starts its helpers with `sys.executable`, which is this program once it is frozen.
"""

import os
import runpy
import sys


def main() -> int:
    """Be the app or a Python for phidesk's own modules; returns the exit status."""
    _give_back_library_path()
    match sys.argv[1:]:
        case ["-m", str(module), *arguments] if module.partition(".")[0] == "phidesk":
            sys.argv[1:] = arguments  # runpy sets the first
            runpy.run_module(module, run_name="__main__", alter_sys=True)
            return 0
        case ["-c", str(code), *arguments]:
            sys.argv[:] = ["-c", *arguments]
            exec(code, {"__name__": "__main__"})  # noqa: S102 - as Python would, for whoever asks
            return 0
    from phidesk.__main__ import main as run

    return run()


def _give_back_library_path() -> None:
    """Let other programs that are started from here have their own libraries.

    PyInstaller's loader has put its folder first for this process, which has read it by now.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    sys.exit(main())
