"""The command line: ``registry --help``."""
