// How a message is shown, and long lists of them.
const CHUNK = 50;
const LONG = 700;
const HEAD = 450;

const link = (key, theme) => {
  const part = make("span");
  const anchor = tongue(make("a", "", data.themes[theme][NAME]), data.themes[theme][NAME_LANG]);
  anchor.href = "#theme-" + encodeURIComponent(data.themes[theme][ID]);
  const [before, after] = words[key].split("{name}");
  part.append(before, anchor, after);
  return part;
};

const quotation = (text, language, terms) => {
  const quote = tongue(make("blockquote"), language);
  let cut = text.length <= LONG ? text.length : text.lastIndexOf(" ", HEAD) + 1 || HEAD;
  if (/[\uD800-\uDBFF]/.test(text[cut - 1])) cut += 1;
  quote.append(fill(make("p"), text.slice(0, cut), terms));
  if (cut < text.length) {
    const rest = make("details", "rest");
    rest.open = terms.length > 0;
    const more = make("summary", "", words.read_on);
    more.lang = document.documentElement.lang;
    rest.append(more, fill(make("p"), text.slice(cut), terms));
    quote.append(rest);
  }
  return quote;
};

const homeOf = (row) => (columns.subtheme[row] >= 0 ? columns.subtheme[row] : columns.theme[row]);

// What is said under a message: where it stood, what it does, and where else it belongs.
const notes = (row, list) => {
  const text = data.texts[row];
  const home = homeOf(row);
  const here = Number(list);
  const parts = [text[ORIGIN], text[KIND], text[EVIDENCE], text[REASON]].filter(Boolean).map((part) => document.createTextNode(part));
  if (columns.uncertain[row] && home >= 0) parts.push(link("nearest", home));
  else if (home >= 0 && home !== here) parts.push(link("counted_in", home));
  for (const theme of text[ALSO]) if (theme !== here) parts.push(link("also", theme));
  const line = make("p", "origin");
  parts.forEach((part, i) => line.append(i ? " · " : "", part));
  return line;
};

const copies = (group, terms) => {
  const [first, ...others] = group.map((row) => data.texts[row]);
  if (group.length < 2) return null;
  if (data.part) return make("p", "origin", count("times", group.length));
  const box = make("details", "copies");
  const list = make("ul");
  for (const other of others) {
    const item = make("li", "", other[ORIGIN]);
    if (other[TEXT] !== first[TEXT]) {
      item.append(" ", fill(tongue(make("q"), other[LANG]), other[TEXT], terms));
    }
    list.append(item);
  }
  box.append(make("summary", "", count("times", group.length)), list);
  return box;
};

// The messages that mean most nearly the same, asked for one message at a time.
const similar = (row) => {
  const rows = data.texts[row][SIMILAR];
  if (!rows.length) return null;
  const box = make("details", "copies");
  const list = make("ul", "similar");
  box.append(make("summary", "", words.similar), list);
  box.addEventListener("toggle", () => {
    if (list.firstChild) return;
    for (const other of rows.filter((other) => data.texts[other])) {
      const entry = make("li", "message");
      entry.append(quotation(data.texts[other][TEXT], data.texts[other][LANG], []), notes(other, homeOf(row)));
      list.append(entry);
    }
  });
  return box;
};

const item = (group, list, terms) => {
  const row = group[0];
  const entry = make("li", "message");
  entry.append(quotation(data.texts[row][TEXT], data.texts[row][LANG], terms), notes(row, list));
  for (const part of [copies(group, terms), similar(row)]) if (part) entry.append(part);
  return entry;
};

// Messages with the same text make one group, at the place of the first that is met.
const together = (rows) => {
  const groups = new Map();
  for (const row of rows) {
    const first = columns.first[row];
    const root = first >= 0 ? first : row;
    if (!groups.has(root)) groups.set(root, []);
    if (row === root) groups.get(root).unshift(row);
    else groups.get(root).push(row);
  }
  return [...groups.values()].filter((group) => data.texts[group[0]]);
};

// Long lists come in pieces; the button keeps the keyboard's place at the first new entry.
const listing = (box, entries, draw, className = "") => {
  const list = make("ul", className);
  let shown = 0;
  const more = () => {
    const piece = entries.slice(shown, shown + CHUNK).map(draw);
    list.append(...piece);
    shown += piece.length;
    const left = Math.min(CHUNK, entries.length - shown);
    button.hidden = left === 0;
    button.textContent = say("more", { n: number(left) });
    return piece[0];
  };
  const button = makeButton("", "", () => {
    const first = more();
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  });
  more();
  box.replaceChildren(list, button);
};

const blankRow = ([text, language, note]) => {
  const row = make("li");
  if (text) row.append(quotation(text, language, []));
  row.append(make("p", text ? "origin" : "", note));
  return row;
};
const drawApart = (box) => {
  listing(box, data.apart.rows, blankRow, "rows");
  if (data.apart.rows.length < data.apart.all) {
    box.prepend(make("p", "intro", say("part.apart", { shown: number(data.apart.rows.length), all: number(data.apart.all) })));
  }
};
