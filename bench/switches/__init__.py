"""Each check switched off singly, to see that some test fails.

python -m bench.switches                        auth/, registry/disclosure and the disclosed profile, two at a time
python -m bench.switches auth/dpop.py           one file

What is switched off, one place at a time:

    if CONDITION: raise …         the condition never holds; of "A or B" each part, too
    return A and B                in functions that answer yes or no: each part always holds
    … if CONDITION                of a comprehension: always holds
    .where(CONDITION)             of a statement, and of a join: always holds

All switches are built into one copy of the tree. The tests run once to see which of them reach which check; then each
check is off in a child of that process, which runs the tests that reach it until one fails. What none of these
misses is tried once more on tests that start real nodes. The score is the share that some test notices; what nobody
notices stands in survivors.toml with the reason.
"""
