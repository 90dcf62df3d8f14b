"""The library's table, its filters, and what can be done with a model."""
