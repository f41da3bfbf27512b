"""GeoJSON: the place of something that was drawn on a map."""


def middle(drawn: object) -> tuple[float, float] | None:
    """Give latitude and longitude of the middle of all corners of a geometry, feature or collection; None without."""
    corners = []
    waiting = [drawn]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [part.get(name) for name in ("features", "geometry", "geometries", "coordinates")]
        elif isinstance(part, list) and len(part) >= 2 and (corner := on_earth(part[1], part[0])):
            corners.append(corner)
        elif isinstance(part, list):
            waiting += part
    if not corners:
        return None
    latitudes, longitudes = zip(*corners, strict=True)
    return sum(latitudes) / len(corners), sum(longitudes) / len(corners)


def on_earth(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Give the place; None for what is no place on earth."""
    if not (isinstance(latitude, int | float) and isinstance(longitude, int | float)):
        return None
    return (float(latitude), float(longitude)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
