"""The background process: loads a model or does a long job, and never imports Qt."""
