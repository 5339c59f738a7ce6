"""What the notice says: scheme versions as data, and pure rules that judge facts by their terms."""
