"""The Quantize pane: from a model to a small copy of it and its report card."""
