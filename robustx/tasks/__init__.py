"""The tasks: reading data, what may be attacked, and the sufficient statistics of a metric. Never imports torch."""
