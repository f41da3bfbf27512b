"""Names of months in five languages, whole and shortened."""

_NAMES = (
    "tammikuuta tammikuu tammi januari januar january jan",
    "helmikuuta helmikuu helmi februari februar february feb febr",
    "maaliskuuta maaliskuu maalis mars march mar",
    "huhtikuuta huhtikuu huhti april apr",
    "toukokuuta toukokuu touko maj mai may",
    "kesäkuuta kesäkuu kesä juni june jun",
    "heinäkuuta heinäkuu heinä juli july jul",
    "elokuuta elokuu elo augusti august aug",
    "syyskuuta syyskuu syys september sep sept",
    "lokakuuta lokakuu loka oktober october okt oct",
    "marraskuuta marraskuu marras november nov",
    "joulukuuta joulukuu joulu desember december des dec",
)
# The month's number, from 1, by its name in small letters.
MONTHS: dict[str, int] = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
