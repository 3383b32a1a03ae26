"""A labelled set of our own: the synthetic register, and questions about it whose answers are known.

    python -m bench.labelled --profiles 20000 --out DIR

people        the register as lines of profiles.jsonl
questions     what is asked, and who is meant
namesakes     how many others could be meant as well
distortions   what happens to an identity between the register and the one who asks: one function for each class
"""
