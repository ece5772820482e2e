"""Faults planted on purpose, to see whether the tests notice. Run by hand:

    nice -n 19 python -m tests.mutations [NAME …]

Each is put into a copy of the campaign's tree, where the tests named beside it must fail. What survives is told, as is
a fault whose place in the code is gone. Without names all are planted, which takes long.
"""
