// Themes: their order, the first twenty, their figures, and when their messages came.
const FIRST = 20;
const BAR = 44;
const box = document.getElementById("theme-list");
const themes = [...document.querySelectorAll("details.theme")];
const rest = document.getElementById("rest-of-themes");
const order = document.getElementById("order");
let showsRest = false;

const numberOf = (theme) => Number(theme.dataset.theme);
const left = (theme) => members[numberOf(theme)].filter((row) => passes[row]).length;
const firstThemes = () => {
  const living = themes.filter((theme) => left(theme) > 0);
  themes.forEach((theme) => { theme.hidden = true; });
  living.forEach((theme, at) => { theme.hidden = !showsRest && at >= FIRST; });
  rest.hidden = showsRest || living.length <= FIRST;
  rest.textContent = count("themes.more", living.length - FIRST);
};
rest.addEventListener("click", () => {
  const next = themes.find((theme) => theme.hidden && left(theme) > 0);
  showsRest = true;
  firstThemes();
  next?.querySelector("summary").focus();
});

const sortThemes = () => {
  const key = order.value;
  themes.sort((a, b) => Number(b.dataset[key]) - Number(a.dataset[key]) || Number(a.dataset.place) - Number(b.dataset.place));
  box.append(...themes);
  firstThemes();
};
themes.forEach((theme, at) => { theme.dataset.place = String(at); });
order.addEventListener("change", sortThemes);

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

// Bars by day, week or month, whichever shows the span in some fifty steps.
const spanOf = (days) => {
  const least = days.reduce((a, b) => Math.min(a, b));
  const most = days.reduce((a, b) => Math.max(a, b));
  const step = Math.max(1, Math.ceil((most - least + 1) / 52));
  return { least, step, bars: Math.floor((most - least) / step) + 1 };
};
const whole = dated.length ? spanOf(dated) : null;
const timeline = (target, rows) => {
  target.replaceChildren();
  const held = rows.filter((row) => columns.day[row] !== null);
  if (!whole || whole.bars < 2 || !held.length) return;
  const bars = Array(whole.bars).fill(0);
  for (const row of held) bars[Math.floor((columns.day[row] - whole.least) / whole.step)] += 1;
  const most = Math.max(...bars);
  const peak = bars.indexOf(most);
  const dates = (at) => [isoOf(whole.least + at * whole.step), isoOf(whole.least + (at + 1) * whole.step - 1)];
  const [first] = dates(0);
  const [, last] = dates(whole.bars - 1);
  const label = say("timeline.label", { first, last, n: number(most), peak: dates(peak)[0] });
  const svg = drawn("svg", { class: "timeline", viewBox: `0 0 ${whole.bars * 10} ${BAR}`, preserveAspectRatio: "none", role: "img", "aria-label": label });
  bars.forEach((n, at) => {
    const height = n ? Math.max(2, (BAR * n) / most) : 0;
    const bar = drawn("rect", { class: "fill", x: at * 10 + 1, y: BAR - height, width: 8, height });
    const [from, to] = dates(at);
    const touch = drawn("rect", { class: "touch", x: at * 10, y: 0, width: 10, height: BAR });
    const title = drawn("title", {});
    title.textContent = `${from === to ? from : `${from} – ${to}`}: ${count("messages", n)}`;
    touch.append(title);
    touch.addEventListener("click", () => choosePeriod(dayOf(from), dayOf(to)));
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
  firstThemes();
  timelines();
};

const all = document.getElementById("open-all");
all?.addEventListener("click", () => {
  const opening = themes.some((theme) => !theme.hidden && !theme.open);
  themes.forEach((theme) => { if (!theme.hidden) theme.open = opening; });
  all.textContent = opening ? words.close_all : words.open_all;
});
const follow = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.id.startsWith("theme-")) return;
  if (target.closest("details.theme")?.hidden) {
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
let closed = [];
addEventListener("beforeprint", () => {
  closed = themes.filter((theme) => !theme.open);
  closed.forEach((theme) => { theme.open = true; });
  timelines();
});
addEventListener("afterprint", () => closed.forEach((theme) => { theme.open = false; }));
