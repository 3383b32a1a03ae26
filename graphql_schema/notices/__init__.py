"""Being told, and watching."""
