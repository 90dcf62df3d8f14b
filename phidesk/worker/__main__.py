"""Starts a worker: `python -m phidesk.worker`."""

from phidesk.worker.main import main

if __name__ == "__main__":
    main()
