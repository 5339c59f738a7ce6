"""A believable zone for demonstrations and tests, made only by the product's own commands."""
