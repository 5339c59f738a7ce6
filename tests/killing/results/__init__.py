"""The import of a bank's answer under the knife: an app of the worker's alone, its tasks module changes what it loads."""

POINTS = (
    "reading", "examined", "saving", "locked", "judged", "filed", "booking", "booked", "saved", "noted", "committed",
)  # fmt: skip
