"""What an officer was shown at a moment: made again from the log and from versions of records, and compared."""
