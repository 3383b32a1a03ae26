"""Administration: who may ask at all, proposed by one administrator and decided by one of another chain of command.

What is enrolled stands in auth/models.py, as live state that each request reads; here stand the acts that change it.
"""
