"""Other engines in the same run, on the same set, with the same questions, counted the same way.

    python -m bench.peers --set DIR

Each runs in a process of its own from ``var/tools/peers`` (``deploy/bootstrap.sh peers``), so that what they need is
never part of the product; they hand over a file of results, which is read like our own. ``engines`` says how each is
set up.
"""
