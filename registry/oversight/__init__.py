"""Who asked what: the log, read by auditors, whose reading is itself in the log."""
