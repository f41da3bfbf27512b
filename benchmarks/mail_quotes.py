"""Mail quotes: what is left of recorded replies, beside two libraries that cut history too.

    KUULO_BENCH_MAIL_PYTHON=/path/to/python python -m benchmarks.mail_quotes

The other Python holds mail-parser-reply and quotequail. A mail counts as right where every line that its writer wrote
now is left, and none of the history; signatures are counted apart.
"""

import json
import os
import subprocess
from email import message_from_bytes, policy
from pathlib import Path

from kuulo.hear.mail_text import forwarded, fresh

RECORDED = Path(__file__).parents[1] / "tests" / "recorded" / "mail"
# what the writer says now, a line of the history, a line of the signature
WANTED = {
    "03_fi_reply_gmail": ("Vielä tänäänkin", ("klo 14.05", "kirjoitti:", "viestisi on"), ""),
    "04_fi_reply_outlook": ("Valot ovat", ("Lähetetty:", "viestisi on"), "Aino Esimerkki"),
    "05_fi_reply_thunderbird": ("Aurattu nyt", ("kirjoitti:", "aura tulee"), "Esimerkkikatu"),
    "06_sv_reply_gmail": ("fortfarande kallt", ("skrev", "tagit emot"), ""),
    "07_sv_reply_outlook": ("inte plogad", ("Skickat:", "i morgon"), "Siv Exempel"),
    "08_nb_reply_gmail": ("ikke brøytet", ("skrev", "har mottatt"), ""),
    "09_nb_reply_outlook": ("Når får vi svar", ("Sendt:", "sendt til enheten"), "Kari Eksempel"),
    "19_fi_forwarded_by_unit": ("Miksi pysäkki", ("Lähetetty:", "Teille kuuluva"), ""),
    "20_se_reply_inline_english_apple": ("> Gäller det hela vägen?\nJa", ("kl. 09:12", "> Hej, gäller"), "iPhone"),
}
RIVALS = """
import json, sys
from mailparser_reply import EmailReplyParser
import quotequail
parser = EmailReplyParser(languages=["en", "sv", "da"])
told = {"mail-parser-reply": {}, "quotequail": {}}
for name, text in json.load(sys.stdin).items():
    told["mail-parser-reply"][name] = parser.parse_reply(text=text) or ""
    found = quotequail.unwrap(text) or {"text_top": text}
    # it cannot know which mail was sent on: that is told by the subject
    told["quotequail"][name] = found.get("text" if "forwarded" in name else "text_top", "")
json.dump(told, sys.stdout)
"""


def main() -> None:
    """Print a table."""
    mails = {
        name: message_from_bytes((RECORDED / f"{name}.eml").read_bytes(), policy=policy.default) for name in WANTED
    }
    texts = {name: mail.get_body(("plain",)).get_content().replace("\r\n", "\n") for name, mail in mails.items()}
    kuulo = {}
    for name, text in texts.items():
        sender = mails[name]["From"].addresses[0].display_name
        inner = forwarded(mails[name]["Subject"], text)
        kuulo[name] = inner.text if inner else fresh(text, name=sender)
    done = subprocess.run(
        [os.environ["KUULO_BENCH_MAIL_PYTHON"], "-c", RIVALS],
        input=json.dumps(texts), capture_output=True, text=True, check=True,
    )  # fmt: skip
    results = {"Kuulo": kuulo, **json.loads(done.stdout)}
    print(f"| mail | {' | '.join(results)} |\n|---|{'---|' * len(results)}")
    for name in WANTED:
        print(f"| {name} | {' | '.join(verdict(name, left[name]) for left in results.values())} |")


def verdict(name: str, left: str) -> str:
    """Say what is right and what is not."""
    now, history, signature = WANTED[name]
    faults = []
    if now not in left:
        faults.append("new text lost")
    if any(line in left for line in history):
        faults.append("history left")
    if signature and signature in left:
        faults.append("signature left")
    return ", ".join(faults) or "right"


if __name__ == "__main__":
    main()
