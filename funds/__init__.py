"""Fund sources and what is reserved on them."""
