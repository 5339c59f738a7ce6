"""The finance pages: what is payable, batches, bank results."""
