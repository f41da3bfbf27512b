"""Html text: what a reader sees of a piece of HTML, as plain text."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
        "table", "tr", "ul",
    }
)  # fmt: skip
_UNSEEN = ["script", "style", "template", "noscript", "head", "svg", "iframe", "object"]
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# elements that hold nothing, and those that their next sibling ends
_ALONE = {"br", "hr", "img", "input", "link", "meta", "wbr", "p", "li", "td", "th", "tr", "option", "dt", "dd"}
_DEEPEST = 2_000
_SPACE = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r"\n{3,}")


def html_text(html: str) -> str:
    """Give the text: a line for each block, links in full where their text was shortened, nothing of scripts."""
    body = parsed(html).body
    return node_text(body) if body else ""


def parsed(html: str) -> LexborHTMLParser:
    """Read HTML, however broken, without what no reader sees; what is nested too deep is cut off with the rest."""
    tree = LexborHTMLParser(html[: _flat_until(html)])
    tree.strip_tags(_UNSEEN)
    return tree


def _flat_until(html: str) -> int:
    """Give where elements stand in each other deeper than on any page: the parser takes the square of the depth."""
    depth = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if tag[2].lower() in _ALONE:
            depth -= 1
        if depth > _DEEPEST:
            return tag.start()
        depth = max(depth, 0)
    return len(html)


# What stands before and after an element's own text.
Around = Callable[[LexborNode], tuple[str, str]]


def around_block(node: LexborNode) -> tuple[str, str]:
    """Give the line breaks before and after an element, as a page shows it."""
    breaks = "\n\n" if node.tag == "p" else "\n" if node.tag in _BLOCKS else ""
    return breaks, breaks if node.tag != "br" else ""


def node_text(node: LexborNode, *, around: Around = around_block) -> str:
    """Give the text of a part of a page."""
    parts: list[str] = []
    _collect(node, parts, around)
    lines = [_SPACE.sub(" ", line).strip() for line in "".join(parts).split("\n")]
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def _collect(root: LexborNode, parts: list[str], around: Around) -> None:
    """Walk in the order of the page, without recursion: nesting is the writer's to choose."""
    waiting: list[LexborNode | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
        elif node.tag == "-text":
            parts.append((node.text_content or "").replace("\n", " "))
        else:
            before, after = around(node)
            parts.append(before)
            if node.tag == "a" and (link := _link(node)):
                parts.append(link)
                continue
            waiting.append(after)
            waiting.extend(reversed(list(node.iter(include_text=True))))


def _link(node: LexborNode) -> str:
    return whole_link(node.attributes.get("href") or "", node.text(deep=True).strip())


def whole_link(address: str, shown: str) -> str:
    """Give a link's address where what is shown of it is that address shortened; "" where it is words of its own."""
    shown = shown.rstrip("….").removeprefix("https://").removeprefix("http://").removeprefix("www.")
    leads_to = address.partition("://")[2].removeprefix("www.")
    return address if address.startswith(("https://", "http://")) and shown and leads_to.startswith(shown) else ""
