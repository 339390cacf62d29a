"""Ticket histories of other desks: read as event logs, told again as our own requests.

A log is read row by row (`reading`), understood through a map (`mapping`), put in order on disk (`staging`),
measured as it is (`summary`) and told to the desk (`telling`), so that memory does not grow with the log.
"""
