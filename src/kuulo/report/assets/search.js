// Search, and then the page is made ready.
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
  folded ??= data.texts.map((text) => (text ? fold(`${text[TEXT]} ${text[ORIGIN]}`) : ""));
  const hits = [];
  folded.forEach((text, row) => {
    if (passes[row] && text && terms.every((term) => text.includes(term))) hits.push(row);
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
document.addEventListener("click", (event) => {
  const word = event.target.closest("button[data-word]");
  if (!word) return;
  lookFor(word.dataset.word);
  document.getElementById("search").scrollIntoView();
});

document.querySelectorAll("[data-script]").forEach((element) => { element.hidden = false; });
drawSelects();
drawPeriod();
firstThemes();
timelines();
drawMap();
follow();
