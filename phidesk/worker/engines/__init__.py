"""One module an engine; each imports its library only when it is made."""
