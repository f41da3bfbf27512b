"""Words that stand at the head of a column, by what the column holds and by language.

Own lists, from survey tools' exports and municipal feedback forms; compared after ``cells.label``.
"""

Words = dict[str, tuple[str, ...]]

TEXT: Words = {
    "fi": (
        "teksti", "viesti", "palaute", "kommentti", "kommentit", "sisältö", "kuvaus", "aloite",
        "mielipide", "ehdotus", "kehitysehdotus", "avoin palaute", "avoin vastaus", "vapaa sana",
        "vapaa palaute", "vapaa kommentti", "muuta palautetta", "palauteteksti", "viestin sisältö",
        "palautteen sisältö", "perustelu", "perustelut", "toive", "toiveet", "kysymys", "terveiset",
    ),
    "sv": (
        "text", "meddelande", "kommentar", "kommentarer", "synpunkt", "synpunkter", "fritext",
        "fritextsvar", "beskrivning", "förslag", "innehåll", "åsikt", "öppet svar", "respons", "feedback",
        "ärendetext", "motivering", "önskemål", "fråga", "fri kommentar",
    ),
    "nb": (
        "tekst", "melding", "tilbakemelding", "innspill", "fritekst", "fritekstsvar", "beskrivelse",
        "innhold", "forslag", "mening", "åpent svar", "innlegg", "kommentar", "kommentarer", "begrunnelse",
        "ønske", "ønsker", "spørsmål", "høringsinnspill",
    ),
    "nn": (
        "tekst", "melding", "tilbakemelding", "innspel", "fritekst", "skildring", "omtale", "innhald",
        "framlegg", "meining", "ope svar", "innlegg", "kommentar", "grunngjeving", "ynske", "ønskje",
        "spørsmål",
    ),
    "en": (
        "text", "message", "comment", "comments", "feedback", "description", "content", "body", "opinion",
        "suggestion", "open answer", "open ended response", "free text", "comment body", "comment text",
        "remarks", "remark", "review", "post", "utterance", "idea", "proposal", "question",
    ),
}  # fmt: skip

# In a survey the resident's words; in a dump of old feedback, beside a text column, the office's reply.
ANSWER: Words = {
    "fi": ("vastaus", "vastaukset", "vastausteksti"),
    "sv": ("svar", "svarstext"),
    "nb": ("svar", "svartekst"),
    "nn": ("svar", "svartekst"),
    "en": ("answer", "answers", "response", "responses", "reply"),
}  # fmt: skip

ID: Words = {
    "fi": (
        "id", "tunnus", "tunniste", "nro", "numero", "vastausnumero", "palautenumero", "vastaajanumero",
        "diaarinumero", "järjestysnumero", "palautetunnus", "vastaustunnus", "viestitunnus",
    ),
    "sv": (
        "id", "nr", "nummer", "löpnummer", "ärendenummer", "svarsnummer", "diarienummer", "ärende id",
        "beteckning",
    ),
    "nb": ("id", "nr", "nummer", "løpenummer", "saksnummer", "svarnummer", "referanse", "saksnr"),
    "nn": ("id", "nr", "nummer", "løpenummer", "saksnummer", "svarnummer", "referanse"),
    "en": (
        "id", "uuid", "guid", "number", "no", "#", "key", "reference", "ref", "case number", "message id",
        "response id", "respondent id", "comment id", "service request id", "submission id",
    ),
}  # fmt: skip

TIME: Words = {
    "fi": (
        "aika", "aikaleima", "päivä", "pvm", "päivämäärä", "saapunut", "saapumisaika", "saapumispäivä",
        "lähetetty", "lähetysaika", "luotu", "vastausaika", "vastattu", "kellonaika", "jätetty",
        "ajankohta", "aloitusaika", "lopetusaika", "valmistumisaika", "luontiaika",
    ),
    "sv": (
        "tid", "tidpunkt", "tidsstämpel", "tidstämpel", "datum", "inkommen", "inkommet", "skapad",
        "skickad", "svarstid", "svarsdatum", "starttid", "sluttid", "slutförandetid", "registrerad",
        "ankomstdatum",
    ),
    "nb": (
        "tid", "tidspunkt", "tidsstempel", "tidsmerke", "dato", "opprettet", "innsendt", "sendt",
        "mottatt", "svartid", "svardato", "starttidspunkt", "fullføringstidspunkt", "innleggsdato",
        "registrert",
    ),
    "nn": (
        "tid", "tidspunkt", "tidsstempel", "dato", "oppretta", "innsend", "sendt", "motteken", "motteke",
        "svartid", "svardato", "registrert",
    ),
    "en": (
        "time", "timestamp", "date", "datetime", "created", "created at", "submitted", "submitted at",
        "received", "completion time", "start time", "end date", "start date", "posted", "published",
        "requested datetime", "date submitted", "sent",
    ),
}  # fmt: skip

AUTHOR: Words = {
    "fi": (
        "kirjoittaja", "lähettäjä", "nimi", "vastaaja", "käyttäjä", "nimimerkki", "palautteen antaja",
        "asukas", "tekijä", "vastaajan nimi", "lähettäjän nimi", "käyttäjätunnus",
    ),
    "sv": (
        "avsändare", "namn", "författare", "skribent", "användare", "användarnamn", "uppgiftslämnare",
        "insändare", "respondent", "signatur", "invånare",
    ),
    "nb": ("avsender", "navn", "forfatter", "innsender", "bruker", "brukernavn", "respondent", "innbygger"),
    "nn": (
        "avsendar", "namn", "forfattar", "innsendar", "brukar", "brukarnamn", "respondent", "innbyggjar",
    ),
    "en": (
        "author", "author id", "user", "username", "user id", "name", "sender", "respondent", "from",
        "writer", "participant", "account",
    ),
}  # fmt: skip

LANGUAGE: Words = {
    "fi": ("kieli", "asiointikieli", "vastauskieli", "äidinkieli", "kielikoodi"),
    "sv": ("språk", "svarsspråk", "modersmål", "språkkod"),
    "nb": ("språk", "målform", "svarspråk", "språkkode"),
    "nn": ("språk", "målform", "svarspråk", "språkkode"),
    "en": ("language", "lang", "locale", "language code"),
}  # fmt: skip

# Columns about the resident or the matter: never the resident's own words, however long their values are.
BACKGROUND: Words = {
    "fi": (
        "ikä", "ikäryhmä", "sukupuoli", "alue", "asuinalue", "kaupunginosa", "kunta", "postinumero",
        "osoite", "katuosoite", "paikka", "sijainti", "luokka", "kategoria", "aihe", "aihealue", "kanava",
        "tila", "palvelu", "yksikkö", "sähköposti", "puhelin", "puhelinnumero", "rooli", "otsikko",
        "käsittelijä", "ammatti", "koulu", "lähde", "käsitelty", "vastuutaho", "palautetyyppi", "tyyppi",
    ),
    "sv": (
        "ålder", "åldersgrupp", "kön", "område", "bostadsområde", "stadsdel", "kommun", "postnummer",
        "adress", "gatuadress", "plats", "kategori", "ämne", "kanal", "status", "tjänst", "enhet",
        "e post", "epost", "telefon", "roll", "rubrik", "titel", "handläggare", "yrke", "skola", "källa",
        "typ",
    ),
    "nb": (
        "alder", "aldersgruppe", "kjønn", "område", "bosted", "bydel", "kommune", "postnummer", "adresse",
        "sted", "kategori", "emne", "tema", "kanal", "status", "tjeneste", "enhet", "e post", "epost",
        "telefon", "rolle", "tittel", "overskrift", "saksbehandler", "yrke", "skole", "kilde", "type",
    ),
    "nn": (
        "alder", "aldersgruppe", "kjønn", "område", "bustad", "bydel", "kommune", "postnummer", "adresse",
        "stad", "kategori", "emne", "tema", "kanal", "status", "teneste", "eining", "e post", "epost",
        "telefon", "rolle", "tittel", "overskrift", "saksbehandlar", "yrke", "skule", "kjelde", "type",
    ),
    "en": (
        "age", "age group", "gender", "sex", "area", "district", "neighbourhood", "municipality", "city",
        "postcode", "postal code", "zip", "address", "location", "place", "category", "topic", "channel",
        "status", "state", "service", "unit", "email", "e mail", "phone", "role", "title", "subject",
        "heading", "url", "link", "source", "type", "label", "theme", "latitude", "longitude",
        "ip address", "user agent", "token",
    ),
}  # fmt: skip

# By what way it came; such a column is background too.
CHANNEL: Words = {
    "fi": ("kanava", "palautekanava", "saapumiskanava", "asiointikanava", "saapumistapa", "lähde"),
    "sv": ("kanal", "inkommen via", "svarskanal", "kontaktväg", "källa"),
    "nb": ("kanal", "svarkanal", "innkommet via", "henvendelseskanal", "kilde"),
    "nn": ("kanal", "svarkanal", "innkome via", "kjelde"),
    "en": ("channel", "source channel", "submission channel", "contact channel", "source"),
}  # fmt: skip

# What binds messages of one discussion together: by these headers alone, never by the cells.
THREAD: Words = {
    "fi": ("ketju", "viestiketju", "keskusteluketju", "ketjun tunnus", "keskustelun tunnus", "vastaus viestiin"),
    "sv": ("tråd", "tråd id", "trådid", "diskussionstråd", "konversations id", "svar på meddelande"),
    "nb": ("tråd", "tråd id", "trådid", "diskusjonstråd", "meldingstråd", "samtale id", "svar på melding"),
    "nn": ("tråd", "tråd id", "trådid", "diskusjonstråd", "meldingstråd", "samtale id", "svar på melding"),
    "en": ("thread", "thread id", "threadid", "conversation id", "discussion id", "in reply to", "parent id"),
}  # fmt: skip

# Who sends it: a person, or a body of some kind.
ACTOR: Words = {
    "fi": (
        "rooli", "vastaajatyyppi", "vastaajan tyyppi", "vastaajan rooli", "taho", "vastaajataho", "lausunnonantaja",
        "organisaatio", "yhteisö", "asiakastyyppi", "lähettäjän tyyppi", "edustan", "ketä edustat",
    ),
    "sv": (
        "roll", "svarandetyp", "typ av svarande", "aktör", "aktörstyp", "remissinstans", "organisation",
        "avsändartyp", "företräder", "vem företräder du",
    ),
    "nb": (
        "rolle", "aktør", "aktørtype", "avsendertype", "høringsinstans", "organisasjon", "virksomhet",
        "type avsender", "hvem representerer du",
    ),
    "nn": (
        "rolle", "aktør", "aktørtype", "avsendartype", "høyringsinstans", "organisasjon", "verksemd",
        "type avsendar", "kven representerer du",
    ),
    "en": (
        "role", "actor", "actor type", "respondent type", "type of respondent", "organisation", "organization",
        "stakeholder", "stakeholder type", "sender type", "capacity", "responding as",
    ),
}  # fmt: skip

# What could tell who a resident is, or where one lives to the door: never kept beside an answer.
PRIVATE: Words = {
    "fi": (
        "nimi", "etunimi", "sukunimi", "sähköposti", "sähköpostiosoite", "puhelin", "puhelinnumero", "osoite",
        "katuosoite", "henkilötunnus", "hetu", "syntymäaika", "nimimerkki",
        "rekisterinumero", "tilinumero", "gsm", "puh", "matkapuhelin", "yhteystieto", "yhteystiedot",
        "email",
    ),
    "sv": (
        "namn", "förnamn", "efternamn", "e post", "epost", "e postadress", "telefon", "telefonnummer", "adress",
        "gatuadress", "personnummer", "personbeteckning", "födelsedatum", "signatur",
        "registernummer", "kontonummer", "mobil", "mobilnummer", "kontaktuppgifter", "mejl",
    ),
    "nb": (
        "navn", "fornavn", "etternavn", "e post", "epost", "e postadresse", "telefon", "telefonnummer", "mobil",
        "adresse", "gateadresse", "fødselsnummer", "personnummer", "fødselsdato",
        "kontonummer", "mobilnummer", "kontaktinfo", "kontaktopplysninger",
    ),
    "nn": (
        "namn", "førenamn", "etternamn", "e post", "epost", "e postadresse", "telefon", "telefonnummer", "mobil",
        "adresse", "gateadresse", "fødselsnummer", "personnummer", "fødselsdato",
        "kontonummer", "mobilnummer", "kontaktinfo", "kontaktopplysningar",
    ),
    "en": (
        "name", "first name", "last name", "surname", "email", "e mail", "email address", "phone", "phone number",
        "telephone", "mobile", "address", "street address", "date of birth", "birthday", "social security number",
        "username", "ip", "ip address", "user agent",
        "contact details",
    ),
}  # fmt: skip

# The same, where the header says nothing else: "sender type" and "contact channel" tell of no person.
PRIVATE_ALONE: Words = {
    "fi": ("lähettäjä", "vastaaja", "käsittelijä", "käyttäjä",),
    "sv": ("avsändare", "handläggare", "användare", "kontakt",),
    "nb": ("avsender", "saksbehandler", "bruker", "kontakt",),
    "nn": ("avsendar", "saksbehandlar", "brukar", "kontakt",),
    "en": ("sender", "user", "token", "url", "link", "latitude", "longitude", "x", "y", "contact", "cell",),
}  # fmt: skip

# Group headers and question endings that announce an open answer.
OPEN: Words = {
    "fi": ("avoin", "avoimet", "vapaa", "sanallinen", "omin sanoin", "muu mikä"),
    "sv": ("öppen", "öppna", "öppet", "fritext", "egna ord", "annat vad"),
    "nb": ("åpen", "åpne", "åpent", "fritekst", "egne ord", "annet hva"),
    "nn": ("open", "opne", "ope", "fritekst", "eigne ord", "anna kva"),
    "en": ("open ended", "free text", "own words", "other please specify"),
}  # fmt: skip

# Answers of a closed question: a column of these is no text, whatever its header asks.
CLOSED: Words = {
    "fi": (
        "kyllä", "ei", "en", "en osaa sanoa", "en tiedä", "ehkä", "valittu", "ei valittu", "nainen",
        "mies", "muu", "en halua kertoa",
    ),
    "sv": ("ja", "nej", "vet ej", "vet inte", "kanske", "vald", "inte vald", "kvinna", "man", "annat"),
    "nb": ("ja", "nei", "vet ikke", "kanskje", "valgt", "kvinne", "mann", "annet"),
    "nn": ("ja", "nei", "veit ikkje", "kanskje", "vald", "kvinne", "mann", "anna"),
    "en": (
        "yes", "no", "don't know", "maybe", "true", "false", "checked", "unchecked", "woman", "man",
        "other",
    ),
}  # fmt: skip

# What a language column holds: codes and names.
LANGUAGES: Words = {
    "code": (
        "fi", "sv", "nb", "nn", "no", "en", "se", "smn", "sms", "sme", "ru", "et", "da", "de", "fr", "es",
        "ar", "so", "uk", "fa", "ku", "vi", "th", "zh", "pl", "tr", "lt", "lv", "ro", "sq", "fin", "swe",
        "nob", "nno", "nor", "eng", "rus", "est", "dan", "deu", "is", "bs", "hr", "sr", "ti", "am",
    ),
    "fi": (
        "suomi", "ruotsi", "norja", "englanti", "venäjä", "viro", "saame", "arabia", "somali", "ukraina",
        "selkosuomi",
    ),
    "sv": (
        "finska", "svenska", "norska", "engelska", "ryska", "estniska", "samiska", "arabiska", "somaliska",
        "ukrainska",
    ),
    "nb": (
        "finsk", "svensk", "norsk", "bokmål", "nynorsk", "engelsk", "russisk", "samisk", "arabisk",
        "ukrainsk",
    ),
    "nn": ("finsk", "svensk", "norsk", "bokmål", "nynorsk", "engelsk"),
    "en": (
        "finnish", "swedish", "norwegian", "english", "russian", "estonian", "sami", "arabic", "somali",
        "ukrainian",
    ),
}  # fmt: skip


def every(words: Words) -> frozenset[str]:
    """Give the words of all languages as one set."""
    return frozenset(word for language in words.values() for word in language)


KNOWN = frozenset().union(*map(every, (TEXT, ANSWER, ID, TIME, AUTHOR, LANGUAGE, BACKGROUND, CHANNEL, THREAD)))
