"""What the models have answered over time."""
