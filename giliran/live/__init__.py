"""The bell: one small process that tells boards and phones at once when a line has moved.

It never imports Django and never reads a table; all that it writes is that it is alive. The
database says what happened on one LISTEN connection; everything else is memory, so a restart costs
each page one refetch.
"""
