"""Judging on a cluster: the intake's stream, bucket by bucket, by the same evaluator (`bian cluster judge`)."""
