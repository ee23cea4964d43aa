"""Figures of Meetings, measured on this machine: `make bench`, or a part of it with `make bench NAME=storm`.

Every server and every load generator is a process of its own, on the loopback. Absolute figures drift with the
machine; ratios to a peer measured in the same run count, and differences below 1.3 are not findings.
"""
