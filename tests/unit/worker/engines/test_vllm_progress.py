"""What a load with vLLM tells of its way, from the lines of vLLM's log."""

import logging

from phidesk.protocol.events import Event, Progress
from phidesk.worker.engines.vllm_progress import told_progress
from phidesk.worker.reporter import Reporter


def test_the_stages_follow_the_log() -> None:
    events: list[Event] = []
    log = logging.getLogger("vllm.of.this.test")
    log.setLevel(logging.INFO)
    with told_progress(Reporter("load", events.append), 1000):
        log.info("Enabled custom fusions for torch.compile")  # its settings, not its work
        log.info("Starting to load model /tiny...")
        log.info("Loading weights took 0.10 seconds")
        log.info("Using cache directory: /cache for vLLM's torch.compile")
        log.info("Compiling a graph for compile range (1, 2048) takes 9.00 s")
    log.info("torch.compile took 12 s in total")
    steps = [(e.stage, e.done, e.total) for e in events if isinstance(e, Progress)]
    assert steps[-2:] == [("weights", 1000, 1000), ("compile", 0, None)]
    assert [step[0] for step in steps].count("compile") == 1
    assert steps[0][0] == "weights"
