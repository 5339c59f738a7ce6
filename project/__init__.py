"""Composition root: settings, URLs, deployment checks."""
