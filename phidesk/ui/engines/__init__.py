"""The engines that are installed apart from the window."""
