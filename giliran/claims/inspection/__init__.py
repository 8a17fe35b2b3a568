"""A stranger's file is opened here, in a process of its own, and nothing here knows the house.

No database, no settings, no secret: `python -m giliran.claims.inspection` is started with an empty
environment and with limits, reads one file after another, and says what it saw.
"""
