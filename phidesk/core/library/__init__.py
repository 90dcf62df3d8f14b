"""Every model on the machine: where they are, what is known about each, what a delete frees."""
