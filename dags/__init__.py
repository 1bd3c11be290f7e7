"""The named runs: each a short list of stages. Order comes from what stages need and make, not from these lists."""
