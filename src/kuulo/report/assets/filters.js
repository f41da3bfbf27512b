// Filters: which messages are shown. All counts, quotes and lists follow.
const chosen = new Map();
const period = { from: -Infinity, to: Infinity };
const isFiltered = () => chosen.size > 0 || period.from > -Infinity || period.to < Infinity;

const isShown = (row) => {
  for (const [facet, value] of chosen) if (data.facets[facet][2][row] !== value) return false;
  const day = columns.day[row];
  return !(period.from > -Infinity || period.to < Infinity) || (day !== null && day >= period.from && day <= period.to);
};
let passes = Array(ROWS).fill(true);

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

const chips = document.getElementById("chips");
const refreshChips = () => {
  chips.replaceChildren();
  for (const [facet, value] of chosen) {
    const [name, values] = data.facets[facet];
    const chip = make("li");
    chip.append(makeButton("chip", `${name}: ${values[value]} ✕`, () => choose(facet, -1)));
    chips.append(chip);
  }
};

const shownCount = document.getElementById("shown");
const refresh = () => {
  passes = Array.from({ length: ROWS }, (_, row) => isShown(row));
  const left = passes.reduce((sum, pass) => sum + pass, 0);
  shownCount.textContent = isFiltered() ? say("filter.shown", { shown: number(left), all: count("messages", ROWS) }) : "";
  document.getElementById("unfilter").hidden = !isFiltered();
  refreshChips();
  refreshLists();
  refreshCounts();
  refreshQuotes();
  refreshThemes();
  search();
};

const selects = new Map();
const choose = (facet, value) => {
  if (value < 0) chosen.delete(facet);
  else chosen.set(facet, value);
  if (selects.has(facet)) selects.get(facet).value = String(value);
  refresh();
};

const drawSelects = () => {
  const box = document.getElementById("facets");
  data.facets.forEach(([name, values, of], facet) => {
    const amounts = values.map(() => 0);
    for (const value of of) if (value >= 0) amounts[value] += 1;
    const label = make("label", "facet");
    label.append(make("span", "", name));
    const select = make("select");
    select.append(new Option(words["filter.all"], "-1"));
    values.forEach((value, at) => select.append(new Option(`${value} (${number(amounts[at])})`, String(at))));
    select.addEventListener("change", () => choose(facet, Number(select.value)));
    label.append(select);
    box.append(label);
    selects.set(facet, select);
  });
};

const DAY = 86400000;
const isoOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (iso) => Date.parse(iso) / DAY;
const dated = columns.day.filter((day) => day !== null);
const drawPeriod = () => {
  const [from, to] = [document.getElementById("from"), document.getElementById("to")];
  if (!dated.length) {
    document.getElementById("period").remove();
    return;
  }
  const [least, most] = dated.reduce(([low, high], day) => [Math.min(low, day), Math.max(high, day)], [Infinity, -Infinity]);
  for (const field of [from, to]) [field.min, field.max] = [isoOf(least), isoOf(most)];
  const read = () => {
    period.from = from.value ? dayOf(from.value) : -Infinity;
    period.to = to.value ? dayOf(to.value) : Infinity;
    refresh();
  };
  from.addEventListener("change", read);
  to.addEventListener("change", read);
};
const choosePeriod = (first, last) => {
  [period.from, period.to] = [first, last];
  document.getElementById("from").value = first > -Infinity ? isoOf(first) : "";
  document.getElementById("to").value = last < Infinity ? isoOf(last) : "";
  refresh();
};
document.getElementById("unfilter").addEventListener("click", () => {
  chosen.clear();
  for (const select of selects.values()) select.value = "-1";
  if (dated.length) choosePeriod(-Infinity, Infinity);
  else refresh();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-choose]");
  if (!button) return;
  choose(Number(button.dataset.facet), Number(button.dataset.value));
  document.getElementById("filters").scrollIntoView();
});

// What is shown, as a file. A cell that a spreadsheet would run as a formula begins with an apostrophe.
const records = () => {
  const nameOf = (theme) => (theme >= 0 ? data.themes[theme][NAME] : "");
  const rows = [];
  for (let row = 0; row < ROWS; row += 1) {
    if (!passes[row] || !data.texts[row]) continue;
    const record = { text: data.texts[row][TEXT], origin: data.texts[row][ORIGIN], theme: nameOf(columns.theme[row]), subtheme: nameOf(columns.subtheme[row]) };
    for (const [name, values, of] of data.facets) record[name] = of[row] >= 0 ? values[of[row]] : "";
    rows.push(record);
  }
  return rows;
};
const cell = (value) => `"${(/^[=+\-@\t\r]/.test(value) ? "'" : "") + value.replaceAll('"', '""')}"`;
const asCsv = (rows) => {
  const names = Object.keys(rows[0] ?? {});
  return "\ufeff" + [names, ...rows.map((row) => names.map((name) => row[name]))].map((line) => line.map(cell).join(",") + "\r\n").join("");
};
const save = (name, type, content) => {
  const anchor = make("a");
  anchor.href = URL.createObjectURL(new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
};
document.getElementById("save-csv").addEventListener("click", () => save("kuulo.csv", "text/csv", asCsv(records())));
document.getElementById("save-json").addEventListener("click", () => save("kuulo.json", "application/json", JSON.stringify(records(), null, 1)));
