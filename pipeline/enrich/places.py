"""Coordinates with the radius they are good for, and the ones that are no place at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.enrich.classes import ASSUMED_KM

if TYPE_CHECKING:
    from pipeline.enrich.answers import Gathered

__all__ = ["ASSUMED_ELSEWHERE_KM", "COUNTRY_POINTS", "place_columns"]

ASSUMED_ELSEWHERE_KM = 200.0

COUNTRY_POINTS = frozenset({
    (-27.0, 133.0), (-25.0, 135.0), (-10.0, -55.0), (20.0, 77.0), (35.0, 105.0), (36.0, 138.0), (37.751, -97.822),
    (38.0, -97.0), (39.76, -98.5), (40.0, -4.0), (42.8333, 12.8333), (46.0, 2.0), (47.0, 8.0), (51.0, 9.0),
    (52.5, 5.75), (53.0, -8.0), (54.0, -2.0), (60.0, -95.0), (60.0, 100.0),
})
"""Points that databases give when they know the country alone: its geographic centre, rounded (38, -97 for the United
States), or a spot chosen to stand for it (37.751, -97.822)."""


def place_columns(places: Gathered, classes: pa.Array) -> dict[str, pa.Array]:
    """Region, town, coordinates and radius (km) by the first source that states a place.

    A point that stands for a whole country is no place: `centroid_default` is true, and coordinates and radius are
    left empty so that nothing can pin it; the point stays in the claims. Where a source gives a point without a radius,
    one is assumed by network class and labelled so.
    """
    city, region = places.first("city"), places.first("region")
    latitude, longitude = places.first("latitude"), places.first("longitude")
    located = latitude.is_valid().to_numpy(zero_copy_only=False)
    default = located & _country_only(city, region, latitude, longitude)
    shown = pa.array(located & ~default)
    stated = places.first("radius")
    radius = pc.if_else(shown, pc.coalesce(stated, _assumed(classes)), pa.scalar(None, pa.float64()))
    basis = pc.if_else(shown, pc.if_else(stated.is_valid(), "database", "assumed"), "none")
    return {
        "region": region, "city": city,
        "latitude": pc.if_else(shown, latitude, pa.scalar(None, pa.float64())),
        "longitude": pc.if_else(shown, longitude, pa.scalar(None, pa.float64())),
        "accuracy_km": radius, "accuracy_basis": basis,
        "centroid_default": pa.array(default, mask=~located),
    }


def _country_only(city: pa.Array, region: pa.Array, latitude: pa.Array, longitude: pa.Array) -> npt.NDArray[np.bool_]:
    townless = city.is_null().to_numpy(zero_copy_only=False)
    nowhere = townless & region.is_null().to_numpy(zero_copy_only=False)
    pairs = zip(latitude.to_pylist(), longitude.to_pylist(), strict=True)
    centre = [lat is not None and (round(lat, 4), round(lon, 4)) in COUNTRY_POINTS for lat, lon in pairs]
    out: npt.NDArray[np.bool_] = nowhere | (townless & np.array(centre, np.bool_))
    return out


def _assumed(classes: pa.Array) -> pa.Array:
    named = classes.dictionary_encode()
    kilometres = [ASSUMED_KM.get(name, ASSUMED_ELSEWHERE_KM) for name in named.dictionary.to_pylist()]
    return pa.array(kilometres, pa.float64()).take(named.indices)
