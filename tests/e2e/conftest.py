"""The real application: the fixtures of the window's tests serve here too."""

from tests.ui.conftest import qt_loop, run_app

__all__ = ["qt_loop", "run_app"]
