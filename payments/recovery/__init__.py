"""追回: money that was paid wrongly comes back; and the re-check that finds it three months after payment (C07)."""
