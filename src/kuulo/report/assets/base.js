// The page's data and small tools. All files here are joined into one script, in the order that page.py names.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const columns = data.columns;
const [TEXT, LANG, ORIGIN, ALSO, REASON, KIND, EVIDENCE, SIMILAR] = [0, 1, 2, 3, 4, 5, 6, 7];
const [NAME, NAME_LANG, ID, AMOUNT, PARENT] = [0, 1, 2, 3, 4];
const ROWS = columns.theme.length;

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
const drawn = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const makeButton = (className, text, act) => {
  const button = make("button", className, text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
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

// Days count from 1970-01-01.
const DAY = 86400000;
const isoOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (iso) => Date.parse(iso) / DAY;
const written = (day) => {
  const iso = isoOf(day);
  const [year, month, date] = iso.split("-").map(Number);
  return words["day"] === "iso" ? iso : `${date}.${month}.${year}`;
};
