"""Pages: one folder an audience. A view parses, makes one call down, and renders."""
