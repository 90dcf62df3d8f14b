"""The messages between the window and a worker: JSON lines of tagged msgspec structs.

A change that an older worker or window would misread raises PROTOCOL_VERSION.
"""

PROTOCOL_VERSION = 5

WORKER_FOLDER = "PHIDESK_WORKER_FOLDER"
"""The environment variable with the folder for temporary files; whoever lives longer removes it."""
WORKER_FOLDER_PREFIX = "phidesk-"
