"""The notary: a process of its own that signs what the log has become, and nothing that contradicts what it signed.

    queries.rows ──▶ judging.continued ──▶ tree.Tree.grown ──▶ the five steps of signing.STEPS, checkpoint last

    memory      what was signed last, kept where the database's owner can't reach
    judging     what is refused, and why: pure
    tree        the right edge of the log's tree, and the files that make it longer: pure
    store       the folder: every write durable before the next one begins
    keys        the two private keys, and how they are made
    signing     the steps from rows to a published checkpoint, in an order that survives a stop anywhere
    running     the loop of ``registry notary``
    checking    the same files, looked at by whoever does not believe us

Whoever owns the database can change every row. They can't make this process sign a second history: docs/notary.md.
"""
