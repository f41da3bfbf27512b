// Lists of messages: whose they are, and what of them is shown.
// The messages that are counted in each theme and subtheme, and the uncertain ones.
const members = data.themes.map(() => []);
const uncertainRows = [];
for (let row = 0; row < ROWS; row += 1) {
  if (columns.uncertain[row]) uncertainRows.push(row);
  else {
    if (columns.theme[row] >= 0) members[columns.theme[row]].push(row);
    if (columns.subtheme[row] >= 0) members[columns.subtheme[row]].push(row);
  }
}

// A list may be narrowed to one kind of message, or to one value of a facet.
const belongs = (box) => {
  const { kind, facet, value } = box.dataset;
  return (row) =>
    passes[row] &&
    (kind === undefined || columns.kind[row] === Number(kind)) &&
    (facet === undefined || data.facets[facet][2][row] === Number(value));
};
const membersOf = (box) => (box.dataset.list === "uncertain" ? uncertainRows : members[Number(box.dataset.list)]);
const rowsOf = (box) => {
  const key = box.dataset.list;
  const isNarrow = box.dataset.kind !== undefined || box.dataset.facet !== undefined;
  const isHere = (row) => key === "uncertain" || columns.theme[row] === Number(key) || columns.subtheme[row] === Number(key);
  return data.lists[key].filter(belongs(box)).filter((row) => !isNarrow || isHere(row));
};

const drawList = (details) => {
  const key = details.dataset.list;
  const box = details.querySelector(".listing");
  if (box.firstChild) return;
  if (key === "apart") {
    drawApart(box);
    return;
  }
  const rows = rowsOf(details);
  const groups = together(rows);
  listing(box, groups, (group) => item(group, key, []));
  if (rows.some((row) => !data.texts[row])) {
    box.prepend(make("p", "intro", say("part", { shown: count("texts", groups.length), all: count("messages", rows.length) })));
  }
};
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.dataset.list) drawList(event.target);
}, true);

const refreshLists = () => {
  document.querySelectorAll("details[data-list]").forEach((details) => {
    if (details.dataset.list === "apart") return;
    details.querySelector(".listing").replaceChildren();
    const left = membersOf(details).filter(belongs(details)).length;
    details.querySelector(".n").textContent = number(left);
    details.hidden = left === 0;
    if (details.open) drawList(details);
  });
};

const refreshSubthemes = () => {
  document.querySelectorAll("section.subtheme").forEach((section) => {
    const theme = Number(section.querySelector(".figures").dataset.theme);
    section.hidden = !members[theme].some((row) => passes[row]);
  });
};
const refreshCounts = () => {
  document.querySelectorAll("[data-count]").forEach((place) => {
    place.textContent = number(members[Number(place.dataset.count)].filter(belongs(place)).length);
  });
};

// Quotes that the page was written with stand again when nothing is filtered.
const teaser = ([row]) => tongue(make("q", "teaser", data.texts[row][TEXT].slice(0, HEAD)), data.texts[row][LANG]);
const refreshQuotes = () => {
  document.querySelectorAll("ul.quotes[data-list], .teasers[data-list]").forEach((list) => {
    list.written ??= [...list.children];
    if (!isFiltered()) list.replaceChildren(...list.written);
    else {
      const groups = together(rowsOf(list)).slice(0, list.written.length);
      const draw = list.matches(".teasers") ? teaser : (group) => item(group, list.dataset.list, []);
      list.replaceChildren(...groups.map(draw));
    }
  });
};

