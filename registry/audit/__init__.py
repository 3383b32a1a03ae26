"""The log: every operation leaves one durable entry before its answer leaves."""
