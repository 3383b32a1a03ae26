"""Tables of weights that were in use, each as it was: never changed (registry/matching/tables.py)."""
