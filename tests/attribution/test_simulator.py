"""The simulated worlds: equal by seed, shares as declared, scenarios present, truth complete."""

from benchmarks.attribution.simulator import TABLES, simulate


def test_the_same_seed_gives_the_same_world() -> None:
    one, two = simulate(3, persons=100), simulate(3, persons=100)
    assert all(getattr(one, name).equals(getattr(two, name)) for name in TABLES)
    assert one.notes == two.notes
