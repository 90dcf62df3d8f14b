"""Plain types and rules that the window and the worker share."""
