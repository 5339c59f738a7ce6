"""Pages anybody may open: verifying an issued paper, reading notices, objecting."""
