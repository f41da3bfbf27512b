// Themes: their order, the first twenty, their figures, and when their messages came.
const FIRST = 20;
const BAR = 44;
const themeList = document.getElementById("theme-list");
const themes = [...document.querySelectorAll("details.theme")];
const moreThemes = document.getElementById("rest-of-themes");
const order = document.getElementById("order");
let showsRest = false;

const numberOf = (theme) => Number(theme.dataset.theme);
const countShown = (theme) => members[numberOf(theme)].filter((row) => passes[row]).length;
const firstThemes = () => {
  const living = themes.filter((theme) => countShown(theme) > 0);
  themes.forEach((theme) => { theme.hidden = true; });
  living.forEach((theme, at) => { theme.hidden = !showsRest && at >= FIRST; });
  moreThemes.hidden = showsRest || living.length <= FIRST;
  moreThemes.textContent = count("themes.more", living.length - FIRST);
};
moreThemes.addEventListener("click", () => {
  const next = themes.find((theme) => theme.hidden && countShown(theme) > 0);
  showsRest = true;
  firstThemes();
  next?.querySelector("summary").focus();
});

const rankOf = (theme) => (order.value === "size" ? countShown(theme) : Number(theme.dataset[order.value]));
const sortThemes = () => {
  const ranks = new Map(themes.map((theme) => [theme, rankOf(theme)]));
  themes.sort((a, b) => ranks.get(b) - ranks.get(a) || Number(a.dataset.place) - Number(b.dataset.place));
  themeList.append(...themes);
  firstThemes();
};
themes.forEach((theme, at) => { theme.dataset.place = String(at); });
order?.addEventListener("change", sortThemes);

const refreshFigures = () => {
  const amounts = members.map((rows) => rows.filter((row) => passes[row]));
  const largest = Math.max(1, ...themes.map((theme) => amounts[numberOf(theme)].length));
  document.querySelectorAll(".figures[data-theme]").forEach((figures) => {
    const theme = Number(figures.dataset.theme);
    const rows = amounts[theme];
    figures.querySelector("b").textContent = count("messages", rows.length);
    const people = figures.querySelector(".people");
    if (people) people.textContent = count("people", new Set(rows.map((row) => columns.person[row])).size - (rows.some((row) => columns.person[row] < 0) ? 1 : 0));
    const parent = data.themes[theme][PARENT];
    const whole = parent < 0 ? largest : Math.max(1, amounts[parent].length);
    figures.querySelector(".fill").setAttribute("width", `${(100 * rows.length) / whole}%`);
  });
};

// Some fifty bars at most, of equally many days each.
const spanOf = (days) => {
  const least = days.reduce((a, b) => Math.min(a, b));
  const most = days.reduce((a, b) => Math.max(a, b));
  const step = Math.max(1, Math.ceil((most - least + 1) / 52));
  return { least, step, bars: Math.floor((most - least) / step) + 1 };
};
const span = dated.length ? spanOf(dated) : null;
const timeline = (target, rows) => {
  target.replaceChildren();
  const held = rows.filter((row) => columns.day[row] !== null);
  if (!span || span.bars < 2 || !held.length) return;
  const bars = Array(span.bars).fill(0);
  for (const row of held) bars[Math.floor((columns.day[row] - span.least) / span.step)] += 1;
  const most = Math.max(...bars);
  const peak = bars.indexOf(most);
  const dates = (at) => [span.least + at * span.step, span.least + (at + 1) * span.step - 1];
  const [first] = dates(0);
  const [, last] = dates(span.bars - 1);
  const label = say("timeline.label", { first: written(first), last: written(last), n: number(most), peak: written(dates(peak)[0]) });
  const svg = drawn("svg", { class: "timeline", viewBox: `0 0 ${span.bars * 10} ${BAR}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  bars.forEach((n, at) => {
    const height = n ? Math.max(2, (BAR * n) / most) : 0;
    const bar = drawn("rect", { class: "fill", x: at * 10 + 1, y: BAR - height, width: 8, height });
    const [from, to] = dates(at);
    const touch = drawn("rect", { class: "touch", x: at * 10, y: 0, width: 10, height: BAR });
    const title = drawn("title", {});
    title.textContent = `${from === to ? written(from) : `${written(from)} – ${written(to)}`}: ${count("messages", n)}`;
    touch.append(title);
    touch.addEventListener("click", () => choosePeriod(from, to));
    svg.append(bar, touch);
  });
  target.append(svg, make("p", "hint", label));
};
const timelines = () => {
  document.querySelectorAll("[data-timeline]").forEach((target) => {
    const inside = target.closest("details");
    if (inside && !inside.open) return;
    const key = target.dataset.timeline;
    timeline(target, (key === "" ? [...passes.keys()] : members[Number(key)]).filter((row) => passes[row]));
  });
};
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches("details.theme, #filters")) timelines();
}, true);

const refreshThemes = () => {
  refreshFigures();
  if (order) sortThemes();
  drawAcross();
  timelines();
};

const openAll = document.getElementById("open-all");
openAll?.addEventListener("click", () => {
  const opening = themes.some((theme) => !theme.hidden && !theme.open);
  themes.forEach((theme) => { if (!theme.hidden) theme.open = opening; });
  openAll.textContent = opening ? words.close_all : words.open_all;
});
const follow = () => {
  const target = location.hash.startsWith("#theme-") && document.getElementById(location.hash.slice(1));
  if (!target) return;
  const theme = target.closest("details.theme");
  if (!countShown(theme)) showAll();
  if (theme.hidden) {
    showsRest = true;
    firstThemes();
  }
  for (let outer = target.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  const anchor = event.target.closest("a[href^='#theme-']");
  if (anchor && anchor.getAttribute("href") === location.hash) follow();
});
// On paper all themes that are shown stand open, and what stands apart from them is listed.
let closed = [];
addEventListener("beforeprint", () => {
  const apart = document.querySelectorAll("#uncertain .fold, #apart .fold");
  closed = [...themes.filter((theme) => !theme.hidden), ...apart].filter((details) => !details.open);
  closed.forEach((details) => {
    details.open = true;
    if (details.dataset.list) drawList(details);
  });
  timelines();
});
addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
