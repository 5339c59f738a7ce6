"""A claim and its road: flows, reviews, decisions, publicity, deadlines and access."""
