"""A second copy of the log's entries, apart from the database: what a register is made whole from.

    files        what stands in the folder: ranges of entries, sealed, each file written once and for ever
    rows         an entry as JSON, and back
    keeping      from the database to the folder: only what is signed, and only as it was signed
    restoring    from the folder to the database: what is missing there, exactly as it was signed
    queries      which entries and leaves stand in the database, and putting back those that don't

The folder stands on another machine, best where nothing can be overwritten (WORM). It is sealed with the node's
key-encryption key, so whoever runs that machine reads nothing. docs/backup.md says what else to keep, and apart from
what.
"""
