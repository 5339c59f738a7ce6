"""The administrators' pages: users, posts, calendar, policies, locks, events."""
