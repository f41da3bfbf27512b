"""Make messages in which personal data are planted: invented people, and numbers right by their formats' definitions.

Nothing here is read from the rules that look for them: numbers are built from what defines them (a day of birth, a
serial number, a control sign), names and sentences are of this file's own, and habits of typing are of people in a
hurry. All is drawn with a seed.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

LANGUAGES = ("fi", "sv", "nb", "nn", "en")
KINDS = ("id", "email", "phone", "account", "plate", "address", "name", "handle")

Draw = random.Random


class Planted(NamedTuple):
    """A message, its language, the kind of what is planted in it, and the parts of that which must not be left."""

    text: str
    language: str
    kind: str
    secrets: tuple[str, ...]


def planted(count: int, seed: int) -> Iterator[Planted]:
    """Yield ``count`` messages of each kind, the languages in turn."""
    draw = random.Random(seed)
    for kind in KINDS:
        for number in range(count):
            language = LANGUAGES[number % len(LANGUAGES)]
            said, secrets = _MAKERS[kind](draw, language)
            frame = draw.choice(_FRAMES[kind][language])
            parts = [frame.replace("{}", said)]
            if draw.random() < 0.5:
                parts.insert(0, draw.choice(_AROUND[language]))
            if kind != "name" and draw.random() < 0.5:
                parts.append(draw.choice(_AROUND[language]))
            yield Planted(" ".join(parts), language, kind, secrets)


def _day(draw: Draw, since: int = 1925, until: int = 2018) -> date:
    return date(since, 1, 1) + timedelta(draw.randrange((until - since) * 365))


def _finnish_id(draw: Draw) -> str:
    born = _day(draw)
    sign = draw.choice("ABCDEF" if born.year >= 2000 else "-YXWVU")
    serial = draw.randrange(2, 900)
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    control = signs[int(f"{born:%d%m%y}{serial:03}") % 31]
    if draw.random() < 0.1:  # mistyped
        control = draw.choice(signs)
    code = f"{born:%d%m%y}{sign}{serial:03}{control}"
    habit = draw.random()
    if habit < 0.12:
        return code.lower()
    if habit < 0.2 and sign == "-":
        return code.replace("-", draw.choice([" - ", "–"]))
    return code


def _swedish_id(draw: Draw) -> str:
    born = _day(draw)
    nine = f"{born:%y%m%d}{draw.randrange(1000):03}"
    total = sum(sum(map(int, str(int(digit) * (2 - at % 2)))) for at, digit in enumerate(nine))
    ten = nine + str(-total % 10)
    year = draw.choice(["", str(born.year)[:2]])
    return year + ten[:6] + draw.choice(["-", "-", "-", "", " ", "–"]) + ten[6:]


def _norwegian_id(draw: Draw) -> str:
    while True:
        born = _day(draw)
        day = born.day + (40 if draw.random() < 0.1 else 0)  # those who have no full number yet
        nine = f"{day:02}{born:%m%y}{draw.randrange(1000):03}"
        first = -sum(int(a) * b for a, b in zip(nine, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
        ten = nine + str(first)
        second = -sum(int(a) * b for a, b in zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
        if first < 10 and second < 10:
            return ten[:6] + draw.choice(["", "", " ", " ", "-"]) + ten[6:] + str(second)


def _danish_id(draw: Draw) -> str:
    return f"{_day(draw):%d%m%y}-{draw.randrange(1, 9999):04}"


def _id(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    makers = {
        "fi": [_finnish_id],
        "sv": [_finnish_id, _swedish_id],
        "nb": [_norwegian_id, _norwegian_id, _danish_id],
        "nn": [_norwegian_id],
        "en": [_finnish_id, _swedish_id, _norwegian_id],
    }
    code = draw.choice(makers[language])(draw)
    return code, (code,)


def _digits(draw: Draw, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _finnish_phone(draw: Draw) -> str:
    net, rest = draw.choice(["040", "041", "044", "045", "046", "050"]), _digits(draw, 7)
    told = draw.choice(
        [
            f"{net} {rest[:3]} {rest[3:]}",
            f"{net}{rest}",
            f"{net}-{rest}",
            f"{net} {rest}",
            f"{net}/{rest}",
            f"{net}-{rest[:3]} {rest[3:]}",
            f"{net} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{net}.{rest[:3]}.{rest[3:]}",
            f"+358 {net[1:]} {rest[:3]} {rest[3:]}",
            f"+358{net[1:]}{rest}",
            f"00358{net[1:]}{rest}",
            f"+358 (0){net[1:]} {rest}",
            f"09 {rest[:3]} {rest[3:]}",
            f"(09) {rest[:3]} {rest[3:]}",
            f"+358-{net[1:]}-{rest}",
        ]
    )
    return told.replace(" ", "\u00a0") if draw.random() < 0.05 else told


def _swedish_phone(draw: Draw) -> str:
    net, rest = draw.choice(["070", "072", "073", "076", "079"]), _digits(draw, 7)
    return draw.choice(
        [
            f"{net}-{rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{net}{rest}",
            f"{net} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{net}-{rest}",
            f"+46 {net[1:]} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"+46{net[1:]}{rest}",
            f"+46 (0){net[1:]}-{rest[:3]} {rest[3:5]} {rest[5:]}",
            f"08-{rest[:3]} {rest[3:5]} {rest[5:]}",
            f"0046{net[1:]}{rest}",
            f"08 {rest[:3]} {rest[3:]}",
        ]
    )


def _norwegian_phone(draw: Draw) -> str:
    number = draw.choice("4957623") + _digits(draw, 7)
    a, b, c, d = number[:2], number[2:4], number[4:6], number[6:]
    mobile = f"{number[:3]} {number[3:5]} {number[5:]}"
    return draw.choice(
        [
            f"{a} {b} {c} {d}",
            mobile,
            mobile,
            number,
            f"+47 {a} {b} {c} {d}",
            f"+47{number}",
            f"+47 {mobile}",
            f"0047{number}",
            f"(+47) {mobile}",
            f"{a}{b} {c}{d}" if number[0] in "49" else number,
        ]
    )


def _phone(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    makers = {
        "fi": [_finnish_phone],
        "sv": [_finnish_phone, _swedish_phone],
        "nb": [_norwegian_phone],
        "nn": [_norwegian_phone],
        "en": [_finnish_phone, _swedish_phone, _norwegian_phone],
    }
    told = draw.choice(makers[language])(draw)
    return told, (told,)


def _account(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    lands = {
        "fi": ["FI"],
        "sv": ["SE", "FI"],
        "nb": ["NO", "NO", "DK"],
        "nn": ["NO"],
        "en": ["FI", "SE", "EE", "GB", "DE"],
    }
    land = draw.choice(lands[language])
    body = {"FI": 14, "SE": 20, "NO": 11, "DK": 14, "EE": 16, "DE": 18}.get(land, 0)
    bban = _digits(draw, body) if body else "".join(draw.choice("ABKLNWS") for _ in range(4)) + _digits(draw, 14)
    value = int("".join(str(int(sign, 36)) for sign in f"{bban}{land}00"))
    iban = f"{land}{98 - value % 97:02}{bban}"
    fours = [iban[at : at + 4] for at in range(0, len(iban), 4)]
    told = draw.choice(
        [
            " ".join(fours),
            " ".join(fours),
            iban,
            iban,
            "-".join(fours),
            f"{iban[:4]} {iban[4:]}",
            "\u00a0".join(fours),
        ]
    )
    if land != "GB" and draw.random() < 0.1:
        told = told.lower()
    return told, (told,)


def _plate(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    letters = "".join(draw.choice("BCFGHJKLMNRSTX") for _ in range(3))
    three = str(draw.randrange(100, 999))
    finnish = draw.choice(
        [f"{letters}-{three}", f"{letters}-{three}", f"{letters.lower()}-{three}", f"{letters} {three}"]
    )
    swedish = draw.choice(
        [f"{letters} {three}", f"{letters}{three}", f"{letters} {three[:2]}{draw.choice('ABCDEFGH')}"]
    )
    norwegian = f"{letters[:2]}{draw.choice(['', ' '])}{draw.randrange(10000, 99999)}"
    told = draw.choice(
        {
            "fi": [finnish],
            "sv": [finnish, swedish],
            "nb": [norwegian],
            "nn": [norwegian],
            "en": [finnish, swedish, norwegian],
        }[language]
    )
    return told, (told,)


_STREETS = {
    "fi": [
        "Koivukatu",
        "Harjutie",
        "Vanha Myllytie",
        "Lepolankuja",
        "Kalervonkatu",
        "Satamakatu",
        "Hakaniemenranta",
        "Pohjolankatu",
        "Opintie",
        "Kyläsepänpolku",
        "Rautatienkatu",
        "Tornikaari",
        "Kirkkokadulla",
        "Puistotiellä",
        "Asemakadun",
        "Aleksis Kiven katu",
        "Pellavaraitti",
        "Kivelänväylä",
        "Kauppatorilla",
    ],
    "sv": [
        "Björkgatan",
        "Strandvägen",
        "Norra Kyrkogatan",
        "Smedsgränd",
        "Skolstigen",
        "Järnvägsgatan",
        "Lilla torget",
        "Ekbackavägen",
        "Drottninggatan",
        "Sankt Eriksgatan",
        "Kungsvägen",
        "Rosengränd",
    ],
    "nb": [
        "Kirkegata",
        "Bjørkeveien",
        "Haakon VIIs gate",
        "Nedre Storgate",
        "Skoleveien",
        "Fjordgata",
        "Solbakken",
        "Henrik Ibsens gate",
        "Elveplassen",
        "Torggata",
    ],
    "nn": ["Kyrkjegata", "Bjørkevegen", "Ivar Aasens gate", "Skulevegen", "Fjordvegen", "Solbakken", "Sjøgata"],
    "en": ["Koivukatu", "Strandvägen", "Fjordgata", "Satamakatu", "Kirkegata", "Harjutie"],
}


def _address(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    house, stair, flat = str(draw.randrange(1, 160)), draw.choice("ABCDEFG"), str(draw.randrange(1, 130))
    finnish = [f"{house} {stair} {flat}"] * 5 + [
        f"{house}{stair}{flat}",
        f"{house} {stair.lower()} {flat}",
        f"{house} {stair}{flat}",
        f"{house} as {flat}",
        f"{house} as. {flat}",
        f"{house} {stair}, as. {flat}",
        f"{house}{stair.lower()} {flat}",
        f"{house} {stair} as {flat}",
        f"{house} asunto {flat}",
        f"{house}-{int(house) + 2} {stair} {flat}",
    ]
    swedish = [
        f"{house} lgh 1{flat.zfill(3)}",
        f"{house}{stair} lgh 1{flat.zfill(3)}",
        f"{house}, lgh {flat}",
        f"{house} {stair} {flat}",
        f"{house} {stair}, lägenhet {flat}",
    ]
    norwegian = [
        f"{house}, H0{draw.randrange(1, 9)}0{draw.randrange(1, 9)}",
        f"{house} {stair} H020{draw.randrange(1, 9)}",
        f"{house}{stair}, leilighet {flat}",
        f"{house}{stair} leil. {flat}",
    ]
    english = [*finnish, f"{house}, flat {flat}", f"{house} {stair} apt {flat}", f"{house} apartment {flat}"]
    number = draw.choice({"fi": finnish, "sv": swedish, "nb": norwegian, "nn": norwegian, "en": english}[language])
    return f"{draw.choice(_STREETS[language])} {number}", (number,)


# first names and surnames with their Finnish genitive and allative
_FINNISH_FIRST = [
    "Aapo",
    "Tytti",
    "Ritva",
    "Kaisla",
    "Jukka",
    "Hilkka",
    "Otso",
    "Satu",
    "Urho",
    "Venla",
    "Ilmari",
    "Päivi",
    "Kauko",
    "Sirpa",
    "Tommi",
    "Iida",
]
_FINNISH_LAST = [
    ("Pelkonen", "Pelkosen", "Pelkoselle"),
    ("Huttunen", "Huttusen", "Huttuselle"),
    ("Rautio", "Raution", "Rautiolle"),
    ("Kettunen", "Kettusen", "Kettuselle"),
    ("Honkala", "Honkalan", "Honkalalle"),
    ("Tuomi", "Tuomen", "Tuomelle"),
    ("Saarelainen", "Saarelaisen", "Saarelaiselle"),
    ("Rissanen", "Rissasen", "Rissaselle"),
    ("Vainio", "Vainion", "Vainiolle"),
    ("Uusitalo", "Uusitalon", "Uusitalolle"),
    ("Kivelä", "Kivelän", "Kivelälle"),
    ("Hirvonen", "Hirvosen", "Hirvoselle"),
    ("Ahokas", "Ahokkaan", "Ahokkaalle"),
    ("Sillanpää", "Sillanpään", "Sillanpäälle"),
]
_NORDIC = {
    "sv": (
        [
            "Agneta",
            "Torbjörn",
            "Lovisa",
            "Kjell",
            "Siv",
            "Ulrika",
            "Mats",
            "Gun-Britt",
            "Rasmus",
            "Malin",
            "Bo",
            "Tove",
            "Hans-Erik",
            "Ylva",
        ],
        [
            "Sjöblom",
            "Wikström",
            "Grönroos",
            "Backman",
            "Öhman",
            "Dahlqvist",
            "Ström",
            "Rönnholm",
            "Nylund",
            "Fagerlund",
            "Hedberg",
            "Enqvist",
        ],
    ),
    "nb": (
        [
            "Torill",
            "Odd",
            "Randi",
            "Øystein",
            "Vigdis",
            "Trond",
            "Synnøve",
            "Roar",
            "Hege",
            "Sindre",
            "Åse",
            "Kjersti",
            "Jan-Erik",
            "Tuva",
        ],
        [
            "Haugland",
            "Moen",
            "Bråten",
            "Eriksen",
            "Solberg",
            "Dahl",
            "Nygård",
            "Tangen",
            "Fossum",
            "Brekke",
            "Aune",
            "Lunde",
        ],
    ),
    "nn": (
        [
            "Oddny",
            "Torgeir",
            "Ragnhild",
            "Jostein",
            "Magnhild",
            "Leiv",
            "Guro",
            "Arnfinn",
            "Turid",
            "Ståle",
            "Sigrun",
            "Eldar",
        ],
        [
            "Årdal",
            "Myklebust",
            "Sæbø",
            "Hovland",
            "Kvamme",
            "Øvrebø",
            "Fosse",
            "Nesse",
            "Bjørkum",
            "Skare",
            "Aasheim",
            "Vik",
        ],
    ),
    "en": (
        [
            "Harriet",
            "Duncan",
            "Priya",
            "Kwame",
            "Siobhan",
            "Malcolm",
            "Yusuf",
            "Olena",
            "Gareth",
            "Mei",
            "Tariq",
            "Beatrice",
        ],
        [
            "Whitfield",
            "O'Connor",
            "Sharma",
            "Mensah",
            "Kovalenko",
            "Pritchard",
            "Lindgren",
            "Haddad",
            "Fletcher",
            "Abdi",
            "Nowak",
            "Chen",
        ],
    ),
}


def _name(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    if language != "fi":
        first, last = map(draw.choice, _NORDIC[language])
        return f"{first} {last}", (first, last)
    first, last = draw.choice(_FINNISH_FIRST), draw.choice(_FINNISH_LAST)[draw.choice([0, 0, 1, 2])]
    return f"{first} {last}", (first, last)


def _called(draw: Draw, language: str) -> str:
    """A user's name out of a person's."""
    first, last = _name(draw, language)[1]
    return (
        draw.choice(["{}.{}", "{}_{}", "{}{}", "{}.{}" + _digits(draw, 2)])
        .format(first, last)
        .lower()
        .replace("'", "")
    )


def _email(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    local = _plain(_called(draw, language))
    domain = draw.choice(
        ["posti.example", "gmail.com", "epost.example.no", "mail.example.se", "firma.fi", "hotmail.com"]
    )
    at = draw.choice(["@"] * 8 + [" @ ", "(at)", " (at) ", "[at]", " at "])
    told = f"{local}{at}{domain}"
    if " at " in told and not set("._0123456789") & set(local):
        told = f"{local}@{domain}"
    return (told.upper() if draw.random() < 0.05 else told), (local,)


def _plain(text: str) -> str:
    return text.translate(str.maketrans("åäöæø", "aaoao"))


def _handle(draw: Draw, language: str) -> tuple[str, tuple[str, ...]]:
    called = _plain(_called(draw, language)).replace(".", draw.choice([".", "_"]))
    told = draw.choice(
        [
            "@{}",
            "@{}",
            "facebook.com/{}",
            "https://www.facebook.com/{}",
            "https://www.instagram.com/{}/",
            "ig: {}",
            "https://mastodon.example/@{}",
            "@{}@mastodon.example",
            "https://x.com/{}/status/1234567890",
            "insta: @{}",
            "https://bsky.app/profile/{}.bsky.social",
            "https://www.tiktok.com/@{}",
            "t.me/{}",
            "snap: {}",
            "https://www.linkedin.com/in/{}/",
            "https://m.facebook.com/{}?ref=share",
        ]
    )
    return told.format(called), (called,)


_MAKERS: dict[str, Callable[[Draw, str], tuple[str, tuple[str, ...]]]] = {
    "id": _id,
    "email": _email,
    "phone": _phone,
    "account": _account,
    "plate": _plate,
    "address": _address,
    "name": _name,
    "handle": _handle,
}
_AROUND = {
    "fi": [
        "Kadun valaistus on ollut pimeänä monta viikkoa.",
        "Miksi auraus ei toimi meidän kulmilla?",
        "Kiitos avusta",
        "Toivon vastausta pian, koska lapset kulkevat siitä kouluun.",
        "Leikkipuiston keinu on rikki!",
    ],
    "sv": [
        "Gatubelysningen har varit släckt i flera veckor.",
        "Varför plogas inte vår gata?",
        "Tack för hjälpen",
        "Barnen går den vägen till skolan varje dag.",
        "Gungan i lekparken är trasig!",
    ],
    "nb": [
        "Gatelyset har vært mørkt i flere uker.",
        "Hvorfor brøytes ikke veien vår?",
        "Takk for hjelpen",
        "Barna går den veien til skolen hver dag.",
        "Husken i lekeparken er ødelagt!",
    ],
    "nn": [
        "Gatelyset har vore mørkt i fleire veker.",
        "Kvifor blir ikkje vegen vår brøytt?",
        "Takk for hjelpa",
        "Borna går den vegen til skulen kvar dag.",
        "Huska i leikeparken er øydelagd!",
    ],
    "en": [
        "The street lamp has been dark for weeks.",
        "Why is our road never ploughed?",
        "Thanks for your help",
        "The children walk that way to school every day.",
        "The swing in the playground is broken!",
    ],
}
_FRAMES = {
    "id": {
        "fi": [
            "Henkilötunnukseni on {} ja odotan päätöstä.",
            "hetu {}",
            "Äitini hetu:{}, pääseekö hän hoitoon?",
            "Hakemus on tehty tunnuksella {}, henkilötunnus siis",
        ],
        "sv": [
            "Min personbeteckning är {} och jag väntar på beslut.",
            "personnummer {}",
            "Mammas personnr: {}, tack",
        ],
        "nb": ["Fødselsnummeret mitt er {} og jeg venter på svar.", "fnr {}", "Mors fødselsnr: {}, takk"],
        "nn": ["Fødselsnummeret mitt er {} og eg ventar på svar.", "fnr {}", "Fødselsnr: {}, takk"],
        "en": ["My identity code is {} and I am waiting.", "personal id {}", "ssn: {}, thank you"],
    },
    "email": {
        "fi": ["Vastatkaa osoitteeseen {} kiitos.", "sähköposti: {}", "Lähettäkää lasku {}"],
        "sv": ["Svara till {} tack.", "e-post: {}", "Skicka räkningen till {}."],
        "nb": ["Svar til {} takk.", "e-post: {}", "Send regningen til {}."],
        "nn": ["Svar til {} takk.", "e-post: {}", "Send rekninga til {}."],
        "en": ["Please answer to {} thanks.", "email: {}", "Send the bill to {}."],
    },
    "phone": {
        "fi": ["Soittakaa {} niin kerron lisää.", "puh. {}", "p. {}", "Numeroni on {}."],
        "sv": ["Ring mig på {} så berättar jag.", "tel. {}", "Mitt nummer är {}."],
        "nb": ["Ring meg på {} så forteller jeg.", "tlf. {}", "Nummeret mitt er {}."],
        "nn": ["Ring meg på {} så fortel eg.", "tlf. {}", "Nummeret mitt er {}."],
        "en": ["Call me at {} and I will tell more.", "tel. {}", "My number is {}."],
    },
    "account": {
        "fi": ["Palauttakaa maksu tilille {} kiitos.", "tilinumero {}", "IBAN: {}"],
        "sv": ["Betala tillbaka till konto {} tack.", "kontonummer {}", "IBAN: {}"],
        "nb": ["Betal tilbake til konto {} takk.", "kontonummer {}", "IBAN: {}"],
        "nn": ["Betal tilbake til konto {} takk.", "kontonummer {}", "IBAN: {}"],
        "en": ["Please pay it back to account {} thanks.", "account number {}", "IBAN: {}"],
    },
    "plate": {
        "fi": ["Auto {} seisoo aina invapaikalla.", "rekisterinumero {}", "Sama pakettiauto ({}) joka yö portilla."],
        "sv": ["Bilen {} står alltid på fel plats.", "regnr {}", "Samma bil ({}) varje natt."],
        "nb": ["Bilen {} står alltid feil.", "regnr {}", "Samme varebil ({}) hver natt."],
        "nn": ["Bilen {} står alltid feil.", "regnr {}", "Same varebil ({}) kvar natt."],
        "en": ["The car {} is always parked wrong.", "plate {}", "The same van ({}) every night."],
    },
    "address": {
        "fi": ["Asun osoitteessa {} ja hissi on rikki.", "Osoite: {}", "{}, vesi tulee katosta."],
        "sv": ["Jag bor på {} och hissen är trasig.", "Adress: {}", "{}, det läcker från taket."],
        "nb": ["Jeg bor i {} og heisen er ødelagt.", "Adresse: {}", "{}, det lekker fra taket."],
        "nn": ["Eg bur i {} og heisen er øydelagd.", "Adresse: {}", "{}, det lek frå taket."],
        "en": ["I live at {} and the lift is broken.", "Address: {}", "{}, water comes through the roof."],
    },
    "name": {
        "fi": [
            "{} lupasi hoitaa asian.",
            "Terveisin {}",
            "Naapurimme {} huutaa öisin.",
            "T. {}",
            "Asiaa hoiti {}, eikä mitään tapahtunut.",
        ],
        "sv": ["{} lovade sköta saken.", "Hälsningar {}", "Vår granne {} skriker på nätterna.", "Mvh {}"],
        "nb": ["{} lovte å ordne saken.", "Hilsen {}", "Naboen vår {} roper om natta.", "Mvh {}"],
        "nn": ["{} lova å ordne saka.", "Helsing {}", "Naboen vår {} ropar om natta.", "Mvh {}"],
        "en": ["{} promised to see to it.", "Regards, {}", "Our neighbour {} shouts at night.", "Best wishes {}"],
    },
    "handle": {
        "fi": ["Kysykää tyypiltä {} kuvista.", "Kuvat: {}", "Sama juttu kuin {} kirjoitti."],
        "sv": ["Fråga {} om bilderna.", "Bilder: {}", "Samma som {} skrev."],
        "nb": ["Spør {} om bildene.", "Bilder: {}", "Det samme som {} skrev."],
        "nn": ["Spør {} om bileta.", "Bilete: {}", "Det same som {} skreiv."],
        "en": ["Ask {} about the pictures.", "Pictures: {}", "The same as {} wrote."],
    },
}
