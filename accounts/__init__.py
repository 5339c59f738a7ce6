"""Who signs in: users, areas, organisations, and the posts that let a person act."""
