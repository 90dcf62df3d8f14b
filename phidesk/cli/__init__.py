"""The command line: the same client and worker as the window, without Qt."""
