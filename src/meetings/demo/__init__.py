"""`meetings demo`: a lived-in city council of invented people, filled through the use cases and served.

The only part of the program, tests apart, that makes a certificate authority.
"""
