"""What phidesk asks of the desktop; where it has no such service, nothing happens."""
