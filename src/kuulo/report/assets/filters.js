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

const chips = document.getElementById("chips");
const shownCount = document.getElementById("shown");
// Where the keyboard goes on when what it stood on is gone.
const settle = () => (isFiltered() ? shownCount : document.getElementById("themes")).focus({ preventScroll: true });
const chip = (what, remove) => {
  const button = makeButton("chip", what, () => {
    remove();
    settle();
  });
  button.setAttribute("aria-label", say("filter.remove", { what }));
  const sign = make("span", "", " ✕");
  sign.ariaHidden = "true";
  button.append(sign);
  const entry = make("li");
  entry.append(button);
  return entry;
};
const refreshChips = () => {
  const { from, to } = period;
  const facets = [...chosen].map(([facet, value]) => {
    const [name, values] = data.facets[facet];
    return chip(`${name}: ${values[value]}`, () => choose(facet, -1));
  });
  const days = [from > -Infinity ? written(from) : "", to < Infinity ? written(to) : ""];
  const when = days.some(Boolean) ? [chip(days.join(" – "), () => choosePeriod(-Infinity, Infinity))] : [];
  chips.replaceChildren(...facets, ...when);
};

const refresh = () => {
  passes = Array.from({ length: ROWS }, (_, row) => isShown(row));
  const left = passes.reduce((sum, pass) => sum + pass, 0);
  shownCount.textContent = isFiltered() ? say("filter.shown", { shown: number(left), all: count("messages", ROWS) }) : "";
  document.getElementById("unfilter").hidden = !isFiltered();
  document.body.classList.toggle("filtered", isFiltered());
  refreshChips();
  refreshLists();
  refreshSubthemes();
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
const showAll = () => {
  chosen.clear();
  for (const select of selects.values()) select.value = "-1";
  if (dated.length) choosePeriod(-Infinity, Infinity);
  else refresh();
};
document.getElementById("unfilter").addEventListener("click", () => {
  showAll();
  settle();
});
// Numbers of senders are plain text until the script is there to open them.
document.querySelectorAll("[data-choose]").forEach((place) => {
  place.replaceChildren(makeButton("plain", place.textContent, () => {
    choose(Number(place.dataset.facet), Number(place.dataset.value));
    settle();
    document.getElementById("search").scrollIntoView();
  }));
});
