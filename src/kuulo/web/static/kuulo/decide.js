// Decide by the keyboard: a key presses what carries it in data-key, first in the card that has the focus.
// Where several cards stand below each other, n and p go from card to card.
const writes = (element) => element.matches("input, select, textarea, [contenteditable]");
const cards = () => [...document.querySelectorAll("[data-card]")];
const steps = { n: 1, p: -1 };

const stepTo = (key) => {
  const all = cards();
  if (all.length < 2 || !steps[key]) return false;
  const at = all.indexOf(document.activeElement.closest("[data-card]"));
  const next = all[at < 0 ? 0 : at + steps[key]];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
};

const bearer = (key) => {
  const here = document.activeElement.closest("[data-card]") ?? cards()[0];
  const selector = `[data-key="${CSS.escape(key)}"]`;
  return here?.querySelector(selector) ?? document.querySelector(selector);
};

// What was pressed leads to a new page: there the focus goes on from the card where it was, or from the one after it.
const place = `card of ${location.pathname}`;
const keepPlace = () => {
  const at = cards().indexOf(document.activeElement.closest("[data-card]"));
  sessionStorage.setItem(place, String(Math.max(0, at)));
};
const goOn = () => {
  const at = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  if (at === null) return;
  const all = cards();
  (all[Math.min(Number(at), all.length - 1)] ?? document.querySelector("main")).focus();
};

addEventListener("submit", keepPlace);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (writes(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.key.toLowerCase();
  if (stepTo(key)) return event.preventDefault();
  const found = bearer(key);
  if (!found) return;
  event.preventDefault();
  if (writes(found)) return found.focus();
  keepPlace();
  found.click();
});
goOn();
