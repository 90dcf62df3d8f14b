"""Makes small copies of models."""
