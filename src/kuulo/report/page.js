
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const CHUNK = 50;
  const LONG = 700;
  const HEAD = 450;
  const [TEXT, LANG, ORIGIN, THEME, SUBTHEME, FIRST, TIMES, ALSO, UNCERTAIN, REASON] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [NAME, NAME_LANG, ID, AMOUNT] = [0, 1, 2, 3];

  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, words.thousands);
  const say = (key, facts = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  const count = (key, n) => say(key + (n === 1 ? ".one" : ".many"), { n: number(n) });

  // Everything that a resident wrote reaches the page as text, never as markup.
  const make = (name, className = "", text = "") => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  const tongue = (element, language) => {
    element.lang = language;
    element.dir = "auto";
    return element;
  };

  // Letters without case and accents, so that any keyboard finds them.
  const ODD = { "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ŋ": "n", "ŧ": "t", "ς": "σ" };
  const fold = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[øæœßđðþłıŋŧς]/g, (letter) => ODD[letter]);

  // Where each query word stands in the text as written: folding may change the number of letters.
  const spans = (text, terms) => {
    let folded = "";
    const from = [];
    let at = 0;
    for (const letter of text) {
      const plain = fold(letter);
      for (let i = 0; i < plain.length; i += 1) from.push(at);
      folded += plain;
      at += letter.length;
    }
    from.push(text.length);
    const found = [];
    for (const term of terms) {
      for (let i = folded.indexOf(term); i >= 0; i = folded.indexOf(term, i + term.length)) {
        found.push([from[i], from[i + term.length]]);
      }
    }
    return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  };
  const fill = (element, text, terms) => {
    let done = 0;
    for (const [start, end] of terms.length ? spans(text, terms) : []) {
      if (end <= done) continue;
      const first = Math.max(start, done);
      element.append(text.slice(done, first), make("mark", "", text.slice(first, end)));
      done = end;
    }
    element.append(text.slice(done));
    return element;
  };

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

  // What is said under a message: where it stood, and where else it belongs.
  const notes = (message, list) => {
    const parts = [document.createTextNode(message[ORIGIN])];
    const home = message[SUBTHEME] >= 0 ? message[SUBTHEME] : message[THEME];
    const here = Number(list);
    if (message[REASON]) parts.push(document.createTextNode(message[REASON]));
    if (message[UNCERTAIN] && home >= 0) parts.push(link("nearest", home));
    else if (home >= 0 && home !== here) parts.push(link("counted_in", home));
    for (const theme of message[ALSO]) if (theme !== here) parts.push(link("also", theme));
    const line = make("p", "origin");
    parts.forEach((part, i) => line.append(i ? " · " : "", part));
    return line;
  };

  const copies = (group, terms) => {
    const [first, ...others] = group.map((i) => data.messages[i]);
    const times = data.part ? first[TIMES] : group.length;
    if (times < 2) return null;
    if (!others.length) return make("p", "origin", count("times", times));
    const box = make("details", "copies");
    const list = make("ul");
    for (const other of others) {
      const item = make("li", "", other[ORIGIN]);
      if (other[TEXT] !== first[TEXT]) {
        item.append(" ", fill(tongue(make("q"), other[LANG]), other[TEXT], terms));
      }
      list.append(item);
    }
    box.append(make("summary", "", count("times", times)), list);
    return box;
  };

  const item = (group, list, terms) => {
    const message = data.messages[group[0]];
    const entry = make("li", "message");
    entry.append(quotation(message[TEXT], message[LANG], terms), notes(message, list));
    const folded = copies(group, terms);
    if (folded) entry.append(folded);
    return entry;
  };

  // Messages with the same text make one group, at the place of the first that is met.
  const together = (indices) => {
    const groups = new Map();
    for (const index of indices) {
      const first = data.messages[index][FIRST];
      const root = first >= 0 ? first : index;
      if (!groups.has(root)) groups.set(root, []);
      if (index === root) groups.get(root).unshift(index);
      else groups.get(root).push(index);
    }
    return [...groups.values()];
  };

  // Long lists come in pieces; the button keeps the keyboard's place at the first new entry.
  const listing = (box, entries, draw, className = "") => {
    const list = make("ul", className);
    const button = make("button");
    button.type = "button";
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
    more();
    button.addEventListener("click", () => {
      const first = more();
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    });
    box.replaceChildren(list, button);
  };

  const drawApart = (box) => {
    listing(box, data.apart.rows, ([text, language, note]) => {
      const row = make("li");
      if (text) row.append(quotation(text, language, []));
      row.append(make("p", text ? "origin" : "", note));
      return row;
    }, "rows");
    if (data.apart.rows.length < data.apart.all) {
      box.prepend(make("p", "intro", say("part.apart", { shown: number(data.apart.rows.length), all: number(data.apart.all) })));
    }
  };

  const drawList = (details) => {
    const key = details.dataset.list;
    const box = details.querySelector(".listing");
    if (box.firstChild) return;
    if (key === "apart") {
      drawApart(box);
      return;
    }
    const indices = data.lists[key];
    listing(box, together(indices), (group) => item(group, key, []));
    const all = key === "uncertain" ? data.uncertain : data.themes[Number(key)][AMOUNT];
    if (data.part && indices.length < all) {
      box.prepend(make("p", "intro", say("part", { shown: number(indices.length), all: count("messages", all) })));
    }
  };

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.dataset.list) drawList(event.target);
  }, true);

  document.querySelectorAll("[data-script]").forEach((element) => { element.hidden = false; });

  // Search
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const results = document.getElementById("results");
  const clear = document.getElementById("clear");
  let folded = null;
  const search = () => {
    const terms = fold(query.value).split(/\s+/).filter(Boolean);
    clear.hidden = query.value === "";
    results.replaceChildren();
    if (!terms.length) {
      found.textContent = "";
      return;
    }
    folded ??= data.messages.map((message) => fold(message[TEXT]));
    const hits = [];
    folded.forEach((text, i) => {
      if (terms.every((term) => text.includes(term))) hits.push(i);
    });
    const groups = together(hits);
    const messages = count("messages", hits.length);
    if (!hits.length) found.textContent = words["search.none"];
    else if (groups.length === hits.length) found.textContent = say("search.found", { messages });
    else found.textContent = say("search.found_texts", { messages, texts: count("texts", groups.length) });
    if (hits.length) listing(results, groups, (group) => item(group, "", terms));
  };
  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && query.value) {
      event.preventDefault();
      query.value = "";
      search();
    }
  });
  clear.addEventListener("click", () => {
    query.value = "";
    search();
    query.focus();
  });

  // Themes: open all, open the one that an address names, open them for printing
  const themes = [...document.querySelectorAll("details.theme")];
  const all = document.getElementById("open-all");
  all?.addEventListener("click", () => {
    const opening = themes.some((theme) => !theme.open);
    themes.forEach((theme) => { theme.open = opening; });
    all.textContent = opening ? words.close_all : words.open_all;
  });
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.id.startsWith("theme-")) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest("a[href^='#theme-']");
    if (anchor && anchor.hash === location.hash) follow();
  });
  follow();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = themes.filter((theme) => !theme.open);
    closed.forEach((theme) => { theme.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((theme) => { theme.open = false; }));
})();
