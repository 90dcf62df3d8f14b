"""What the options of a load are called, and what each choice costs."""

from PySide6.QtCore import QObject

from phidesk.core.load_options import Dtype, KvDtype, Place, Speculation, Startup

Choices = list[tuple[object, str, str]]
"""value, name, tool tip"""


def option_words(where: QObject) -> dict[str, tuple[str, str]]:
    """Return name and explanation of each option."""
    return {
        "place": (
            where.tr("Device"),
            where.tr("Where Transformers computes."),
        ),
        "dtype": (
            where.tr("Precision"),
            where.tr("The number format of the weights, where they are not quantized."),
        ),
        "startup": (where.tr("Startup"), where.tr("What vLLM does before the first answer.")),
        "chats": (
            where.tr("Parallel chats"),
            where.tr(
                "How many chats of the full context length the KV cache holds at once. "
                "Each one more takes as much memory as the first."
            ),
        ),
        "kv_dtype": (
            where.tr("KV cache"),
            where.tr("The number format in which the model remembers the conversation."),
        ),
        "offload": (
            where.tr("Keep in RAM"),
            where.tr(
                "So much of the weights stays in the computer's memory and is read from there "
                "for every token: the model fits on a smaller card, and is many times slower."
            ),
        ),
        "gpus": (
            where.tr("GPUs"),
            where.tr("Each layer is spread over so many GPUs, which share the weights."),
        ),
        "speculation": (
            where.tr("Speculation"),
            where.tr("Guesses the next tokens, which the model then checks all at once."),
        ),
        "draft": (
            where.tr("Draft model"),
            where.tr("A small model of the same family, with the same vocabulary."),
        ),
    }


def startups(where: QObject) -> Choices:
    """Return the ways to start, with figures of a 4-bit Phi-4 on an H100."""
    return [
        (
            Startup.FAST,
            where.tr("Fast start"),
            where.tr(
                "Captures decode graphs for small batches, compiles nothing. "
                "Phi-4 in 4 bits on an H100: loads in 6 s, 151 tok/s. The first load ever "
                "takes 12 s more."
            ),
        ),
        (
            Startup.OPTIMIZED,
            where.tr("Optimize for speed"),
            where.tr(
                "Compiles the model, which is kept for the next load. Phi-4 in 4 bits on an "
                "H100: loads in 75 s the first time and in 25 s afterwards, 153 tok/s."
            ),
        ),
        (
            Startup.EAGER,
            where.tr("Eager"),
            where.tr(
                "No graphs and no compilation, for finding errors. "
                "Phi-4 in 4 bits on an H100: loads in 13 s, 38 tok/s."
            ),
        ),
    ]


def places(where: QObject) -> Choices:
    """Return where Transformers may compute."""
    return [
        (Place.AUTO, where.tr("Automatic"), where.tr("On the graphics card where there is one.")),
        (Place.CPU, where.tr("Processor"), where.tr("Leaves the graphics card to others; slow.")),
    ]


def dtypes(where: QObject) -> Choices:
    """Return the number formats of weights that are not quantized."""
    return [
        (Dtype.AUTO, where.tr("Automatic"), where.tr("What is fastest on this machine.")),
        (Dtype.BF16, where.tr("bf16"), where.tr("16 bits with the range of 32.")),
        (Dtype.FP16, where.tr("fp16"), where.tr("16 bits with more digits and less range.")),
        (Dtype.FP32, where.tr("fp32"), where.tr("32 bits: twice the memory, the most exact.")),
    ]


def kv_dtypes(where: QObject) -> Choices:
    """Return the number formats of the KV cache."""
    return [
        (KvDtype.AUTO, where.tr("As the model"), where.tr("In the number format of the model.")),
        (
            KvDtype.FP8,
            where.tr("FP8"),
            where.tr("Half the memory, or twice the context; a little less exact."),
        ),
    ]


def speculations(where: QObject) -> Choices:
    """Return who may guess."""
    return [
        (Speculation.OFF, where.tr("Off"), where.tr("Every token is computed by itself.")),
        (
            Speculation.NGRAM,
            where.tr("N-gram"),
            where.tr(
                "Guesses what followed the same words earlier: good for editing and "
                "summarizing, and costs no memory. Compiles the model at the load; switched off "
                "by itself where too few guesses are right. Min-p has no effect beside it."
            ),
        ),
        (
            Speculation.DRAFT,
            where.tr("Draft model"),
            where.tr(
                "A small model guesses: takes memory for its weights and compiles at the load; "
                "switched off by itself where too few guesses are right. Min-p has no effect "
                "beside it."
            ),
        ),
    ]
