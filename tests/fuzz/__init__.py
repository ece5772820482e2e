"""Damaged and hostile input for every reader. A bounded round is a test; longer ones are run by hand:

    nice -n 19 python -m tests.fuzz 10000 [READER …]

An input is made from its number alone, so that whatever is found can be made again: `python -m tests.fuzz.child READER
NUMBER 1`. Goal: no traceback, nothing over 10 seconds, nothing over 1 GB.
"""
