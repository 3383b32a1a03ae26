"""The policy of disclosure, for overseers."""
