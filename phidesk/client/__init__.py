"""The window's end of a worker: spawn it, talk to it, end it."""
