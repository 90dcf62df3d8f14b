"""Search, listing and download of models: the only code of phidesk that goes out."""
