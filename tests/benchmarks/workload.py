"""The one question that the streaming benchmark asks of every engine."""

CONTEXT = 8192
SYSTEM = "You are a helpful assistant."
QUESTION = "Write a long story about a dog that travels around the world. Use many details."
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
