"""Every word of Kuulo's own in the report and the console table, by language; English is complete."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "thousands": ",",
        # The head of the page
        "title": "What residents say",
        "skip": "Skip to the themes",
        "contents": "On this page",
        "lede": "{read}: {grouped} in {themes}, {uncertain} uncertain, {empty} empty, {unreadable} unreadable.",
        "personal": "This file holds residents’ own words. Handle it as personal data.",
        # Counted things
        "messages.one": "{n} message",
        "messages.many": "{n} messages",
        "themes.one": "{n} theme",
        "themes.many": "{n} themes",
        "people.one": "{n} person",
        "people.many": "{n} people",
        "copies.one": "{n} copy",
        "copies.many": "{n} copies",
        "times.many": "the same text {n} times",
        # Themes
        "themes": "Themes",
        "themes.intro": "By number of messages. Open a theme to see what it holds and what people wrote. "
        "Firm or loose tells how steadily its messages stay together.",
        "themes.none": "No themes were found.",
        "open_all": "Open all themes",
        "close_all": "Close all themes",
        "firmness.firm": "firm",
        "firmness.fair": "fairly firm",
        "firmness.loose": "loose",
        "firmness.few": "too few to tell",
        "service": "Municipal service:",
        "keyphrases": "Typical words:",
        "minor.one": "{n} smaller subtheme",
        "minor.many": "{n} smaller subthemes",
        "all_of_theme": "All messages of this theme",
        "all_of_subtheme": "All messages of this subtheme",
        "also": "Also about: {name}",
        "counted_in": "Counted in: {name}",
        "nearest": "Nearest theme: {name}",
        "read_on": "Read the rest",
        # Search and long lists
        "search": "Search all messages",
        "search.part": "Search the messages held in this page",
        "search.hint": "Capitals and accents make no difference: “paivakoti” finds “päiväkoti”.",
        "search.found": "{messages} found",
        "search.found_texts": "{messages} found, {texts}",
        "texts.one": "{n} different text",
        "texts.many": "{n} different texts",
        "search.none": "No message has all of these words.",
        "clear": "Clear the search",
        "more": "Show {n} more",
        "part": "This page holds {shown} of {all}, the most central first. All are listed in messages.csv.",
        "part.apart": "This page lists {shown} of {all}. All are listed in ledger.json.",
        "capped": "With {messages} this page holds the {n} most central texts of each theme. "
        "Every message, with its theme, is listed in messages.csv.",
        "no_script": "The full lists and the search need JavaScript. "
        "Every message, with its theme, is also listed in messages.csv.",
        # What stands apart
        "uncertain": "Uncertain",
        "uncertain.intro": "These messages fit no theme well enough. They are counted in none. "
        "Read them: a matter that only one person brings up ends here too.",
        "uncertain.none": "No message is uncertain.",
        "uncertain.show": "Show the uncertain messages",
        "apart": "Empty and unreadable",
        "apart.intro": "These rows were read, but hold nothing that could be grouped.",
        "apart.none": "Every row had a text that could be read.",
        "apart.show": "Show the rows",
        "status.grouped": "In themes",
        "status.uncertain": "Uncertain",
        "status.empty": "Empty",
        "status.unreadable": "Unreadable",
        # The ledger
        "ledger": "Ledger",
        "ledger.intro": "Every message that was read stands in exactly one line. Nothing was dropped.",
        "ledger.where": "Where it went",
        "ledger.count": "Messages",
        "ledger.read": "Read",
        "ledger.copies": "Among them: {copies} of another message. A copy is counted like any other message.",
        "ledger.copies.none": "No message is a copy of another.",
        "inputs": "What was read",
        "inputs.file": "File",
        "inputs.rows": "Rows",
        "inputs.guess": "Read as",
        "inputs.sha256": "SHA-256",
        "settings": "Settings and versions",
        "settings.name": "Name",
        "settings.value": "Value",
        "fingerprint": "Fingerprint",
        "fingerprint.intro": "The same messages, settings and versions give this same fingerprint.",
        # How it was done
        "how": "How this was done, and its limits",
        "how.short": "How this was done",
        "how.meaning": "Kuulo turns every text into numbers that stand for its meaning. Texts that mean "
        "much the same lie close together, also when they are in different languages.",
        "how.groups": "Texts that lie close together form a theme, and closer ones within it a subtheme. "
        "The themes come from the messages alone: no list of topics was given.",
        "how.firmness": "The grouping is repeated in different ways. A firm theme holds together nearly "
        "every time. A loose theme is a suggestion: read its messages before you rely on it.",
        "how.names": "Names are built from words that set the theme apart from the others. A name is a "
        "signpost, not a summary. Quotes are residents’ own words, the most typical first.",
        "how.copies": "Equal and nearly equal texts are folded together in the lists. Each is counted.",
        "how.people": "People are counted by the author given in the file. One person who writes under two "
        "names counts as two.",
        "how.one": "A message is counted in one theme. If parts of it speak of other matters, those "
        "subthemes are named beside it.",
        "how.limits": "The numbers show how many messages were sent, not how many residents think so: those "
        "who write are not all who live here. Irony, very short texts and rare matters can be put in the "
        "wrong place.",
        "yes": "yes",
        "no": "no",
        # Where a message stood
        "origin.row": "row {n}",
        # Why a message stands apart
        "reason.no-text": "no text",
        "reason.no-words": "no words",
        "reason.says-nothing": "says that there is nothing to say",
        "reason.broken-characters": "broken characters",
        "reason.encoding": "broken characters",
        "reason.control": "mostly control characters",
        "reason.no-language": "letters that make no words",
        "reason.far-from-others": "far from the other messages",
        # The console
        "column.theme": "Theme",
        "column.messages": "Messages",
        "column.people": "People",
        "column.firmness": "Firmness",
        "and_more": "and {n} more",
        "balance": "{read} read = {grouped} in themes + {uncertain} uncertain + {empty} empty + "
        "{unreadable} unreadable.",
        "balance.copies": "{copies} counted among them.",
        "balance.fingerprint": "Fingerprint {fingerprint}.",
    }
}


class Speech:
    """Kuulo's words in one language, English where that language lacks one."""

    def __init__(self, language: str) -> None:
        self.words = {**WORDS["en"], **WORDS.get(language, {})}
        self.language = language if language in WORDS else "en"

    def say(self, key: str, /, **facts: str | int) -> str:
        """Fill the facts into a phrase; whole numbers get the language's thousands sign."""
        return self.words[key].format_map({name: self._shown(fact) for name, fact in facts.items()})

    def count(self, key: str, n: int, /) -> str:
        """Say how many of a thing, with the form that the number asks for."""
        return self.say(f"{key}.one" if n == 1 else f"{key}.many", n=n)

    def reason(self, code: str) -> str:
        """Say why a message stands apart; a code without words of its own is shown as it is."""
        return self.words.get(f"reason.{code}", code.replace("-", " ").replace("_", " "))

    def number(self, n: int) -> str:
        """Write a whole number with the language's thousands sign."""
        return f"{n:,}".replace(",", self.words["thousands"])

    def _shown(self, fact: str | int) -> str:
        return self.number(fact) if isinstance(fact, int) else fact
