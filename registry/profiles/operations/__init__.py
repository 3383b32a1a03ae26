"""Use cases of the register, by topic: reading, proposing, deciding, duplicates, duties, and in bulk.

Each is visible? permitted? do, record, return a view.
"""
