"""The page where models come from."""
