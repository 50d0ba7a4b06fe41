"""What a person reads: pure functions of scores. Computes no statistic."""
