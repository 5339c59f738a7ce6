"""The officials' desk: what is owed, a claim with all that decides it, the decision, publicity."""
