"""Mail text: of a mail's text, what its writer says now; without the history below it and the signature.

Nothing is ever made up: what is left are lines of the mail, in their order. Where it is not sure that a line is
history or signature, it stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

_LONGEST_LINE, _MOST_PASSES = 400, 50
# a question of at most so many lines is kept above the answer to it
_QUESTION = 10
_HARDLY = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mailwords:
    """What mail programs and people write around a mail in one language."""

    wrote: tuple[str, ...]
    sender: tuple[str, ...]
    sent: tuple[str, ...]
    to: tuple[str, ...]
    copy: tuple[str, ...]
    subject: tuple[str, ...]
    original: tuple[str, ...]
    forwarded: tuple[str, ...]
    reply: tuple[str, ...]
    forward: tuple[str, ...]
    closings: tuple[str, ...]
    devices: tuple[str, ...]


MAILWORDS = {
    "fi": _Mailwords(
        wrote=("kirjoitti",),
        sender=("lähettäjä",),
        sent=("lähetetty", "lähetysaika", "päiväys", "pvm", "päivämäärä"),
        to=("vastaanottaja", "vastaanottajat"),
        copy=("kopio",),
        subject=("aihe", "otsikko"),
        original=("alkuperäinen viesti",),
        forwarded=("välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa",
                   "alkaa välitetty viesti"),
        reply=("vs", "re"),
        forward=("vl",),
        closings=(
            "t.", "t:", "t,", "t", "terv", "terv.", "terveisin", "terveisiä", "yst. terv", "yst.terv", "yt", "y.t.",
            "ystävällisin terveisin", "ystävällisesti", "parhain terveisin", "kunnioittavasti", "hyvää päivänjatkoa",
        ),
        devices=("lähetetty iphonesta", "lähetetty ipadista", "lähetetty laitteesta", "lähetetty puhelimesta",
                 "lähetetty samsung", "lähetetty android", "lähetetty outlook", "hanki outlook", "hae outlook",
                 "lähetetty sähköposti", "lähetetty gmail", "lähetetty yahoo"),
    ),
    "sv": _Mailwords(
        wrote=("skrev",),
        sender=("från",),
        sent=("skickat", "datum"),
        to=("till",),
        copy=("kopia",),
        subject=("ämne", "rubrik"),
        original=("ursprungligt meddelande", "originalmeddelande"),
        forwarded=("vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mejl"),
        reply=("sv", "re"),
        forward=("vb",),
        closings=(
            "mvh", "m.v.h", "vh", "med vänliga hälsningar", "med vänlig hälsning", "vänliga hälsningar", "hälsningar",
            "vänlig hälsning", "bästa hälsningar", "med bästa hälsningar", "hälsn", "högaktningsfullt", "vänligen",
        ),
        devices=("skickat från min", "skickat från outlook", "hämta outlook", "skaffa outlook", "skickat från yahoo"),
    ),
    "nb": _Mailwords(
        wrote=("skrev",),
        sender=("fra",),
        sent=("sendt", "dato"),
        to=("til",),
        copy=("kopi",),
        subject=("emne",),
        original=("opprinnelig melding", "opprinnelig e-post"),
        forwarded=("videresendt melding", "videresendt e-post", "start på videresendt melding"),
        reply=("sv", "re"),
        forward=("vs",),
        closings=(
            "mvh", "med vennlig hilsen", "vennlig hilsen", "hilsen", "beste hilsen", "vh", "med hilsen", "hilsener",
            "vennligst hilsen", "mange hilsener",
        ),
        devices=("sendt fra min", "sendt fra outlook", "skaff deg outlook", "få outlook", "last ned outlook"),
    ),
    "nn": _Mailwords(
        wrote=("skreiv",),
        sender=("frå",),
        sent=("sendt", "dato"),
        to=("til",),
        copy=("kopi",),
        subject=("emne",),
        original=("opphavleg melding", "opphavleg e-post"),
        forwarded=("vidaresendt melding", "vidaresend melding", "vidaresendt e-post"),
        reply=("sv", "re"),
        forward=("vs",),
        closings=("mvh", "med venleg helsing", "venleg helsing", "helsing", "beste helsing", "med helsing", "vh"),
        devices=("sendt frå min", "sendt frå outlook", "få outlook"),
    ),
    "en": _Mailwords(
        wrote=("wrote",),
        sender=("from",),
        sent=("sent", "date"),
        to=("to",),
        copy=("cc",),
        subject=("subject",),
        original=("original message",),
        forwarded=("forwarded message", "begin forwarded message"),
        reply=("re",),
        forward=("fw", "fwd"),
        closings=(
            "regards", "kind regards", "best regards", "warm regards", "best wishes", "yours sincerely", "br",
            "yours faithfully", "yours truly", "sincerely", "kr", "many thanks and regards", "all the best",
        ),
        devices=("sent from my", "sent from outlook", "sent from yahoo", "get outlook for", "sent via"),
    ),
    "da": _Mailwords(
        wrote=("skrev",),
        sender=("fra",),
        sent=("sendt", "dato"),
        to=("til",),
        copy=("cc", "kopi"),
        subject=("emne",),
        original=("oprindelig meddelelse", "oprindelig besked"),
        forwarded=("videresendt meddelelse", "videresendt besked", "start på videresendt besked"),
        reply=("sv", "re"),
        forward=("vs",),
        closings=("mvh", "med venlig hilsen", "venlig hilsen", "hilsen", "bedste hilsner", "de bedste hilsner", "vh"),
        devices=("sendt fra min", "hent outlook", "sendt fra outlook"),
    ),
}  # fmt: skip

_ROLES = ("sender", "sent", "to", "copy", "subject")


def _every(name: str) -> frozenset[str]:
    return frozenset(word for words in MAILWORDS.values() for word in getattr(words, name))


def _one_of(words: frozenset[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ROLE_OF = {word: role for role in _ROLES for word in _every(role)}
_LABEL = re.compile(rf"[\s*_|]*({_one_of(frozenset(_ROLE_OF))})[\s*_]*:[\s*_]*(.*)", re.IGNORECASE)
_WROTE = re.compile(rf"(?=.*\d).*\b({_one_of(_every('wrote'))})\b.*:\s*", re.IGNORECASE)
_MARKER = re.compile(
    rf"[-_=\s*>]*({_one_of(_every('original') | _every('forwarded'))})\s*(:|[-_=*]{{2,}})\s*", re.IGNORECASE
)
_RULE = re.compile(r"\s*([_=]{8,}|-{8,}|\*{8,})\s*")
_CLOSING = re.compile(rf"({_one_of(_every('closings'))})(?!\w)[\s.,;:!–-]*(\S+\s*){{0,4}}", re.IGNORECASE)
_DEVICE = re.compile(rf"[\s*_<(]*({_one_of(_every('devices'))}).{{0,80}}", re.IGNORECASE)
_AFTERTHOUGHT = re.compile(r"\s*(p\.?\s?s\b|ps[.:])", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")
_PREFIX = re.compile(rf"\s*({_one_of(_every('forward') | _every('reply'))})\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Forwarded:
    """A mail that stands within another: who wrote it, as far as it is told there, and what."""

    name: str
    address: str
    text: str


def fresh(text: str, *, name: str = "") -> str:
    """Give what the writer of a mail says now; "" where all of it is history.

    ``name`` is the writer's own: alone on the last line it is a signature.
    """
    for _ in range(_MOST_PASSES):
        once = _once(text, name)
        if once == text:
            break
        text = once
    return text


def forwarded(subject: str, text: str) -> Forwarded | None:
    """Give the mail that was sent on with hardly a word above it; None where it was not."""
    prefix = _PREFIX.match(subject)
    lines = text.split("\n")
    for at in range(len(lines) if prefix else 0):
        if prefix and (block := _block(lines, at)):
            if not _sent_on(prefix[1].lower(), block.label):
                return None
            above = fresh("\n".join(lines[:at]))
            if len(above) > _HARDLY or above.count("\n") > 4:
                return None
            return _within(lines, block)
    return None


def about(subject: str) -> str:
    """Give a subject without what mail programs put before it."""
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :]
    return subject.strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """The lines that head a mail within another: until which line, its sender's label, and what stands there."""

    end: int
    label: str
    sender: str


def _sent_on(prefix: str, label: str) -> bool:
    """Tell whether a prefix means that the mail was sent on: "VS" does in Norwegian, and a reply in Finnish."""
    languages = [words for words in MAILWORDS.values() if prefix in words.forward]
    return any(prefix not in _every("reply") or label in words.sender for words in languages)


def _within(lines: Sequence[str], block: _Block) -> Forwarded:
    address = _ADDRESS.search(block.sender)
    name = re.split(r"[<\[(]", block.sender, maxsplit=1)[0].strip(" \"'*")
    said = address.group().removeprefix("mailto:") if address else ""
    name = "" if "@" in name else name
    return Forwarded(name=name, address=said, text=fresh("\n".join(lines[block.end :]), name=name))


def _once(text: str, name: str) -> str:
    lines = text.split("\n")
    del lines[_history(lines) :]
    lines = list(_answered(lines))
    _cut_end(lines, name)
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)


def _history(lines: Sequence[str]) -> int:
    """Give the first line of the mail that this one answers, where all below is history; else the number of lines."""
    for at in range(len(lines)):
        if _MARKER.fullmatch(lines[at][:_LONGEST_LINE]) or _block(lines, at):
            return _without_rules(lines, at)
        if (end := _attribution(lines, at)) and not _is_quote(_next(lines, end)):
            return at
    return len(lines)


def _without_rules(lines: Sequence[str], at: int) -> int:
    while at and (not lines[at - 1].strip() or _RULE.fullmatch(lines[at - 1][:_LONGEST_LINE])):
        at -= 1
    return at


def _block(lines: Sequence[str], at: int) -> _Block | None:
    """Read the heading of a mail that begins here: its sender and two more of when, to whom and about what."""
    label = _LABEL.match(lines[at][:_LONGEST_LINE])
    if not label or _ROLE_OF[label[1].lower()] != "sender":
        return None
    roles, end, role = {"sender"}, at + 1, "sender"
    for below in range(at + 1, min(at + 16, len(lines))):
        line = lines[below][:_LONGEST_LINE]
        if next_label := _LABEL.match(line):
            role = _ROLE_OF[next_label[1].lower()]
            if role == "sender":
                break
            roles.add(role)
            end = below + 1
        elif line.strip() and not (role in {"to", "copy"} and "@" in line):
            break
    return _Block(end=end, label=label[1].lower(), sender=label[2]) if len(roles - {"copy"}) >= 3 else None


def _attribution(lines: Sequence[str], at: int) -> int:
    """Give the line after "On 16 Nov X <a@b> wrote:" where that begins here, else 0; programs wrap it.

    An address in it, or a quote below it, tells it from a sentence of the writer's own.
    """
    if not lines[at].strip() or _is_quote(lines[at]):
        return 0
    for end in range(at + 1, min(at + 4, len(lines) + 1)):
        joined = " ".join(lines[at:end])
        if len(joined) > _LONGEST_LINE or _is_quote(lines[end - 1]):
            return 0
        if joined.rstrip().endswith(":") and _WROTE.fullmatch(joined):
            quoted = _is_quote(_next(lines, end)) and end == at + 1
            return end if quoted or _ADDRESS.search(joined) else 0
        if not re.search(r"\d", joined):
            return 0
    return 0


def _next(lines: Sequence[str], at: int) -> str:
    """Give the next line with something on it; nobody leaves more than a few blank."""
    return next((line for line in lines[at : at + 5] if line.strip()), "")


def _is_quote(line: str) -> bool:
    return line.lstrip().startswith(">")


def _answered(lines: Sequence[str]) -> Iterator[str]:
    """Give the lines without what heads a quote, and without long quotes: short ones are what is answered."""
    at = 0
    while at < len(lines):
        end = _quoted(lines, at)
        if end - at > _QUESTION:
            at = end
        elif end > at:
            yield from lines[at:end]
            at = end
        else:
            heads = _attribution(lines, at)
            if not heads:
                yield lines[at]
            at = heads or at + 1


def _quoted(lines: Sequence[str], at: int) -> int:
    """Give the line after the quote that begins here; the same line where none does."""
    while at < len(lines) and _is_quote(lines[at]):
        at += 1
    return at


def _cut_end(lines: list[str], name: str) -> None:
    """Take away what ends the mail: blank lines, a quote that nothing follows, a signature; never all of it."""
    while lines:
        last = lines[-1]
        if not last.strip() or _is_quote(last) or (_RULE.fullmatch(last[:_LONGEST_LINE]) and len(lines) > 1):
            lines.pop()
        elif (begins := _signature(lines, name)) and any(line.strip() for line in islice(lines, begins)):
            del lines[begins:]
        else:
            return


def _signature(lines: Sequence[str], name: str) -> int:
    """Give the line where the signature at the end begins, 0 for none."""
    lowest = max(len(lines) - 16, 0)
    for at in range(len(lines) - 1, lowest, -1):
        if lines[at].rstrip() == "--":
            return at
    if _DEVICE.fullmatch(lines[-1].strip()) or (name and lines[-1].strip().casefold() == name.casefold()):
        return len(lines) - 1
    return _closing(lines)


def _closing(lines: Sequence[str]) -> int:
    """Give the line of "Kind regards" with nothing below it but a name, a title and the like; 0 for none."""
    below = 0
    for at in range(len(lines) - 1, 0, -1):
        line = lines[at].strip()
        if len(line) <= 60 and _CLOSING.fullmatch(line) and not line.endswith("?"):
            return at
        below += bool(line)
        if below > 6 or _says_something(line):
            return 0
    return 0


def _says_something(line: str) -> bool:
    sentence = line.endswith((".", "!", "?", ":")) and len(line.split()) >= 4
    return len(line) > 60 or sentence or line.endswith("?") or bool(_AFTERTHOUGHT.match(line)) or _is_quote(line)
