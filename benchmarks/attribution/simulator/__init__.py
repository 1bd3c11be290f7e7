"""A generator of simulated cases with known truth, written from a description of the world.

It knows nothing of the model it serves to test: it imports neither `pipeline` nor `parsers`. Seeds are divided
(`profiles.SEEDS`): train 0-19, calibrate 20-39, test 100-119, stress from 200.
"""

from __future__ import annotations

from benchmarks.attribution.simulator.case import TABLES, Case
from benchmarks.attribution.simulator.profiles import PROFILES, SEEDS
from benchmarks.attribution.simulator.world import simulate

__all__ = ["PROFILES", "SEEDS", "TABLES", "Case", "simulate"]
