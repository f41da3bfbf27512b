// Search, and then the page is made ready.
const query = document.getElementById("query");
const found = document.getElementById("found");
const results = document.getElementById("results");
const clear = document.getElementById("clear");
let folded = null; // the texts with their origins, made ready at the first search
// Endings change in inflected words: of a long word that stands nowhere, most of its beginning is looked for.
const SHORTEST_BEGINNING = 5;
const ENDING = 3;
const beginning = (term) => term.slice(0, Math.max(Math.min(term.length, SHORTEST_BEGINNING), term.length - ENDING));
const search = () => {
  let terms = fold(query.value).split(/\s+/).filter(Boolean);
  const holds = (text) => terms.every((term) => text.includes(term));
  const rowsThatHold = () => [...folded.keys()].filter((row) => folded[row] && holds(folded[row]));
  clear.hidden = query.value === "";
  results.replaceChildren();
  if (!terms.length) {
    found.textContent = "";
    return;
  }
  folded ??= data.texts.map((text) => (text ? fold(`${text[TEXT]} ${text[ORIGIN]}`) : ""));
  let everywhere = rowsThatHold();
  const blank = data.apart.rows.filter(([text, , note]) => holds(fold(`${text} ${note}`)));
  const isNear = !everywhere.length && !blank.length && terms.some((term) => beginning(term) !== term);
  if (isNear) {
    terms = terms.map(beginning);
    everywhere = rowsThatHold();
  }
  const hits = everywhere.filter((row) => passes[row]);
  const groups = together(hits);
  const messages = count("messages", hits.length);
  if (!hits.length && everywhere.length) found.textContent = say("search.hidden", { messages: count("messages", everywhere.length) });
  else if (!hits.length && blank.length) found.textContent = words["search.apart"];
  else if (!hits.length) found.textContent = words["search.none"];
  else if (isNear) found.textContent = say("search.near", { beginning: terms.join(" "), messages });
  else if (groups.length === hits.length) found.textContent = say("search.found", { messages });
  else found.textContent = say("search.found_texts", { messages, texts: count("texts", groups.length) });
  if (hits.length) listing(results, groups, (group) => item(group, "", terms));
  else if (!everywhere.length && blank.length) listing(results, blank, blankRow, "rows");
};
let waiting = 0;
query.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 120);
});
const lookFor = (text) => {
  query.value = text;
  search();
  query.focus();
};
query.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && query.value) {
    event.preventDefault();
    lookFor("");
  }
});
clear.addEventListener("click", () => lookFor(""));
document.querySelectorAll("[data-word]").forEach((place) => {
  const word = place.textContent;
  place.replaceChildren(makeButton("plain", word, () => {
    lookFor(word);
    document.getElementById("search").scrollIntoView();
  }));
});

document.querySelectorAll("[data-script]").forEach((element) => { element.hidden = false; });
drawSelects();
drawPeriod();
firstThemes();
timelines();
drawMap();
follow();
