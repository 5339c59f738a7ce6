"""Measurements that `bin/bench` runs. Each module has `lines()`, which yields one finished line after the other."""
