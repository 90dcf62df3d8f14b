"""The window's state and actions, without widgets: QtCore only."""
