"""A witness of transparency logs: whoever runs one sees that a log has one history, and signs what it saw.

    witness.Witness.answer(body)                    decide, remember, then cosign: what `registry witness` serves
    asking.Witnesses.ask(note, prove)               the other side: a log asks its witnesses for cosignatures

A witness needs no register: a configuration file, a key and a memory of its own. It sees a log's name, size and root
and nothing of what the log holds. The protocol is C2SP's tlog-witness (https://c2sp.org/tlog-witness); what it answers
is decided in registry/tlog/witnessing.py.
"""
