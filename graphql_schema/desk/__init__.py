"""The data subject's desk."""
