"""Tell what the columns of a table, or the properties of a map's features, hold, by their names."""

from collections.abc import Mapping, Sequence

from kuulo.hear import cells

_WORDS: Mapping[str, str] = {
    "id": "id,tunnus,kokotunnus,koodi,code,kommunenummer,kuntanumero,gml id,fid,objectid,kod,nummer",
    "name:fi": "nimi fi,name fi,nimi suomeksi,suomeksi,namn fi,nimi,kunnan nimi,alueen nimi",
    "name:sv": "nimi se,nimi sv,name sv,namn sv,namn se,namn på svenska,nimi ruotsiksi,ruotsiksi,namn",
    "name:nb": "name nb,name no,navn nb,navn no,bokmål,navn,kommunenavn,stadnavn,stedsnavn",
    "name:nn": "name nn,navn nn,nynorsk,namn nn",
    "name:en": "name en,nimi en,namn en,english",
    "name:": "name,area,title,label,place",
    "aliases": (
        "alias,aliases,muut nimet,lempinimi,lempinimet,slangi,kutsumanimi,kutsumanimet,smeknamn,andra namn,"
        "andre navn,kallenavn,other names,alternative names,alt name,nickname,nicknames,slang"
    ),
    "kind": "kind,laji,tyyppi,type,typ,sort,slag,aluejako,luokka,kategoria,category",
    "parent": (
        "parent,kuuluu,yläalue,suurpiiri,peruspiiri,kaupunginosa,hör till,del av,överordnad,tilhører,tilhøyrer,"
        "bydel,stadsdel,part of"
    ),
    "latitude": "latitude,lat,breddegrad,breiddegrad,breddgrad,leveysaste,leveyspiiri,wgs84 lat",
    "longitude": "longitude,lon,lng,long,lengdegrad,lengdgrad,longitud,pituusaste,pituuspiiri,wgs84 lon",
    "projected": "x,y,nord,oest,øst,aust,east,north,easting,northing,e,n,itä,pohjoinen,ost,öst",
    "address": "address,osoite,katuosoite,adress,gatuadress,adresse,gateadresse",
    "locative": "locative,sijamuoto,paikallissija,locative case",
    "ambiguous": "ambiguous,monitulkintainen,tvetydig,flertydig",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split(",")}
_ORDER = {word: at for at, word in enumerate(_ROLES)}
_LAST_WORDS = {"nimi": "name:fi", "namn": "name:sv", "navn": "name:nb", "name": "name:"}
Roles = Mapping[str, str]


def roles_of(columns: Sequence[str]) -> Roles:
    """Give the column that holds each role; of several the one that is named first in the lists above.

    Roles are id, name:LANGUAGE ("name:" where it is not told), aliases, kind, parent, latitude,
    longitude, projected, address, locative and ambiguous.
    """
    found: dict[str, tuple[int, str]] = {}
    for column in columns:
        word = cells.label(column)
        role = _ROLES.get(word)
        if role:
            found[role] = min(found.get(role, (len(_ORDER), "")), (_ORDER[word], column))
    if not any(role.startswith("name:") for role in found):
        found |= _by_last_word(columns)
    return {role: column for role, (_, column) in found.items()}


def _by_last_word(columns: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Take "barnehagens_navn" and its like for the name, where no column is called so."""
    found: dict[str, tuple[int, str]] = {}
    for column in columns:
        role = _LAST_WORDS.get(cells.label(column).rpartition(" ")[2])
        if role:
            found.setdefault(role, (0, column))
    return found
