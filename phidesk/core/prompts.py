"""The ten questions that the report card asks both models."""

PROMPTS: tuple[str, ...] = (
    "What is the capital of France?",
    "A shop sells pens at 3 for 2 euros. What do 12 pens cost? Show the steps.",
    "Write a Python function that returns the n-th Fibonacci number.",
    "Explain in two sentences why the sky is blue.",
    "Translate into German: The train to Hamburg leaves at nine in the morning.",
    "List three differences between a frog and a toad.",
    "中国最长的河流是哪一条？",
    "请用两句话解释什么是人工智能。",
    "小明有15个苹果，送给朋友6个，又买了4个，现在有几个？",
    "把这句话翻译成英文：今天下午我们一起去图书馆看书。",
)
"""Six in English, four in Chinese: knowledge, arithmetic, code, translation, lists."""
