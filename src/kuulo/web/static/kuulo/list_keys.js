// Lists by the keyboard: j and k (or the arrows, once in a list) go from message to message, Enter opens, / searches.
const writes = (element) => element.matches("input, select, textarea, [contenteditable]");
const links = () => [...document.querySelectorAll("[data-list] a.open")];
const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target)) return;
  if (event.key === "/") {
    const field = document.querySelector("[data-search]");
    if (!field) return;
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    event.preventDefault();
  }
  const step = steps[event.key];
  if (!step) return;
  const all = links();
  const at = all.indexOf(document.activeElement);
  if (at < 0 && event.key.startsWith("Arrow")) return;
  const next = all[at < 0 ? 0 : at + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest("li").scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
