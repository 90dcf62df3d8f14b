"""The conversation view: Markdown that streams, in a list that paints only what is seen."""
