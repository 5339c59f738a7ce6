"""The claimant's pages: filing a claim, correcting it, following it."""
