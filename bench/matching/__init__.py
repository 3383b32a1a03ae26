"""Quality and speed of matching on a labelled set: the search's own statements, candidates and scores.

    python -m bench.matching --set DIR --databases sqlite postgresql --order both

sets        a folder of profiles and questions, read as the matcher sees them
loading     the set written into a register's tables, in bulk
registers   scratch registers on both databases, kept for the next run if a folder is given
asking      every question asked as a search asks it, with the time of each stage
quality     recall, false hits, what is found at 1 % of them; the results as a file
groups      who is asked about: naming tradition, script, sex
tables      what is printed
page        docs/error-rates.md
"""
