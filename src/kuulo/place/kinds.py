"""Tell of what kind a place is, by the word that a file has for it or by its own name."""

from kuulo.hear import cells
from kuulo.place.gazetteer import KINDS

_KIND_WORDS = {
    "district": (
        "district,kaupunginosa,osa-alue,osa alue,kylä,peruspiiri,suurpiiri,stadsdel,delområde,by,bydel,grend,område,"
        "grunnkrets,neighbourhood,neighborhood,village,pienalue,tilastoalue,alue"
    ),
    "school-catchment": (
        "school catchment,school district,oppilaaksiottoalue,koulupiiri,lähikoulualue,upptagningsområde,"
        "elevupptagningsområde,skolekrets,skulekrins,opptaksområde"
    ),
    "kindergarten-catchment": "kindergarten catchment,päiväkotialue,daghemsområde,barnehageområde",
    "municipality": "municipality,kunta,kaupunki,kommun,kommune,stad",
    "school": "school,koulu,peruskoulu,lukio,skola,skole,skule,skolan,skolen,skulen,grundskola,gymnas,gymnasium",
    "kindergarten": "kindergarten,päiväkoti,esikoulu,daghem,dagis,förskola,barnehage,daycare,preschool,nursery",
    "library": "library,kirjasto,bibliotek",
    "health": (
        "health,terveysasema,sairaala,hammashoitola,hälsostation,hälsocentral,vårdcentral,sjukhus,legesenter,"
        "legekontor,sykehus,sjukehus,legevakt,sykehjem,health centre,hospital,clinic"
    ),
    "street": "street,katu,tie,gata,väg,gate,vei,veg,road,kuja,polku,gatan,vägen,gaten,veien,vegen,raitti,väylä",
    "stop": "stop,pysäkki,bussipysäkki,hållplats,busshållplats,holdeplass,haldeplass,busstopp,asema,station",
    "park": "park,puisto,leikkipuisto,leikkipaikka,parken,lekpark,lekeplass,playground",
    "water": "water,vesi,järvi,joki,lahti,ranta,uimaranta,sjö,å,strand,vann,innsjø,elv,lake,river,beach,meri,hav",
    "facility": (
        "facility,toimipiste,palvelu,uimahalli,urheiluhalli,nuorisotila,simhall,svømmehall,symjehall,"
        "idrottshall,idrettshall,satama,hamn,havn,tori,torg,jäähalli,ishall"
    ),
    "other": "other,muu,annan,annat,annen,anna",
}
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split(",")} | {
    kind: kind for kind in KINDS
}
_TOLD_BY_A_WORD = {"school", "kindergarten", "library", "health", "street", "stop", "park", "facility"}
# A name of one word that ends so is of the kind; shorter ones end other names too.
_ENDINGS = tuple(
    (word, _KINDS[word])
    for word in ("barnehage", "bibliotek", "päiväkoti", "kirjasto", "terveysasema", "sairaala", "katu", "gatan",
                 "vägen", "veien", "vegen", "gata", "koulu", "förskola", "skolan", "skolen", "skulen")
    if word in _KINDS
)  # fmt: skip


def kind_of(word: str) -> str:
    """Give the kind that a file's word for it tells, "" where the word is not known."""
    return _KINDS.get(word.strip().casefold()) or _KINDS.get(cells.label(word), "")


def kind_by_name(name: str) -> str:
    """Give the kind that a name itself tells (Rantakylän koulu), "" where it tells none."""
    words = name.casefold().split()
    told = [_KINDS[word] for word in reversed(words[1:]) if _KINDS.get(word) in _TOLD_BY_A_WORD]
    return told[0] if told else next((kind for word, kind in _ENDINGS if words and words[-1].endswith(word)), "")
