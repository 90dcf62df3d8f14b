"""Measures how well a model knows a text."""
