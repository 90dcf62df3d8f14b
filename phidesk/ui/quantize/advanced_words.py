"""Each parameter of a recipe in a sentence, in both directions of its trade-off."""

from PySide6.QtCore import QObject


def parameter_words(where: QObject) -> dict[str, tuple[str, str]]:
    """Return the name and the explanation of each field of a recipe."""
    return {
        "algorithm": (
            where.tr("Algorithm"),
            where.tr(
                "AutoRound tunes each layer: slowest, closest to the original. Round to nearest: "
                "done at once, coarser below 4 bits."
            ),
        ),
        "format": (
            where.tr("Format"),
            where.tr(
                "GGUF runs on llama.cpp, fast on any machine. The others run on Transformers and "
                "can be used by more tools for GPUs."
            ),
        ),
        "bits": (
            where.tr("Bits"),
            where.tr("Fewer bits: smaller file. More bits: closer to the original."),
        ),
        "group_size": (
            where.tr("Group size"),
            where.tr(
                "Weights that share a scale. Larger groups: smaller file. Smaller groups: closer "
                "to the original."
            ),
        ),
        "symmetric": (
            where.tr("Scales"),
            where.tr(
                "Symmetric: more kernels run it, and faster. Asymmetric: a little closer to the "
                "original at 2 and 3 bits."
            ),
        ),
        "average_bits": (
            where.tr("Mixed bits"),
            where.tr(
                "Gives sensitive layers more bits, with this mean. Lower: smaller file. Higher: "
                "closer to the original."
            ),
        ),
        "effort": (
            where.tr("Effort"),
            where.tr(
                "Fast: done in about a quarter of the time. Best: about five times as long and "
                "more memory, a little closer to the original."
            ),
        ),
        "iters": (
            where.tr("Steps a layer"),
            where.tr("More steps: closer to the original. Fewer steps: done sooner."),
        ),
        "samples": (
            where.tr("Samples"),
            where.tr(
                "Calibration sequences. More: steadier on unseen texts. Fewer: less memory and "
                "time."
            ),
        ),
        "seqlen": (
            where.tr("Sequence length"),
            where.tr(
                "Tokens in a sample. Longer: truer to long chats. Shorter: less memory and time."
            ),
        ),
        "batch_size": (
            where.tr("Batch size"),
            where.tr("Samples at once. Larger: faster. Smaller: less memory."),
        ),
        "calibration": (
            where.tr("Calibration texts"),
            where.tr(
                "Texts like those that you will use keep the most there. Several kinds: good at "
                "all of them, best at none."
            ),
        ),
        "double_quant": (
            where.tr("Double quantization"),
            where.tr(
                "Packs the scales as well. On: about 0.4 bits a weight smaller. Off: a little "
                "closer to the original."
            ),
        ),
        "compute_dtype": (
            where.tr("Compute in"),
            where.tr(
                "16 bits: fast, half the memory. float32: slower, for processors that lack the "
                "others."
            ),
        ),
        "seed": (
            where.tr("Seed"),
            where.tr("The same seed makes the same copy again; another one a slightly other copy."),
        ),
    }
