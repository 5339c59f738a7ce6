"""Issuing and making papers under the knife: an app of the worker's alone, its tasks module changes what it loads."""

ISSUING = ("numbered", "asked")  # a number is taken, a job is written: neither is committed
MAKING = ("drawn", "sealed", "laid", "entered", "made")
POINTS = ISSUING + MAKING
