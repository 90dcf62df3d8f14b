"""Samples of GPU, memory and processor."""
