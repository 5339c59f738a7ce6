"""Things without a domain noun: money, clock, calendar, verdicts, errors, privacy, the hash-chained timeline."""
