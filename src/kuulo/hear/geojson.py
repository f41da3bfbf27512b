"""GeoJSON: the place of something that was drawn on a map."""


def middle(drawn: object) -> tuple[float, float] | None:
    """Give latitude and longitude of the middle of all corners of a geometry, feature or collection; None without."""
    corners = []
    waiting = [drawn]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [part.get(name) for name in ("features", "geometry", "geometries", "coordinates")]
        elif isinstance(part, list) and len(part) >= 2 and all(isinstance(one, int | float) for one in part[:2]):
            corners.append((float(part[1]), float(part[0])))
        elif isinstance(part, list):
            waiting += part
    if not corners:
        return None
    latitudes, longitudes = zip(*corners, strict=True)
    latitude, longitude = sum(latitudes) / len(corners), sum(longitudes) / len(corners)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
