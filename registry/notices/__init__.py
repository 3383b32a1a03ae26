"""Being told: what happened, in numbered notices, and who watches which profile."""
