"""Each check switched off singly, to see that some test fails.

python -m bench.switches                        auth/ and registry/disclosure, two at a time
python -m bench.switches auth/dpop.py           one file

What is switched off, one place at a time:

    if CONDITION: raise …         the condition never holds; of "A or B" each part, too
    return A and B                in functions that answer yes or no: each part always holds
    … if CONDITION                of a comprehension: always holds
    .where(CONDITION)             of a statement, and of a join: always holds

The score is the share of places that some test notices. What nobody notices stands in survivors.toml with the reason.
"""
