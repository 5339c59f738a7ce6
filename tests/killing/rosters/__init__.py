"""The import of a roster under the knife: an app of the worker's alone, its tasks module changes what it loads."""

POINTS = ("reading", "examined", "locked", "written", "entered", "noted", "committed")
