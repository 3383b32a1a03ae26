"""Bringing records in and out by the file: an old register becomes proposals, the own records become an export.

    a file ── files ──▶ rows ── mapping ──▶ records ── checking ──▶ verdicts ── report, annotated     the dry run
                                               └────── preparing ─▶ sealed rows ── operations         the real run
    the register ── exporting ──▶ lines of JSON

Rows are read, checked and sealed in processes of their own (workers.py); what is decided and written stands in
operations.py. docs/imports.md tells it to those who bring a file.
"""
