"""Money going out: batches, their sealed files and what became of each item."""
