"""Attribution benchmarks: simulated worlds, baselines, metrics."""
