// A file can be dropped anywhere on the page; without this script it is chosen with the button.
const form = document.querySelector("form[data-drop]");
const field = form?.querySelector("input[type=file]");
const place = form?.querySelector(".drop");

function over(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  place.toggleAttribute("data-over", true);
}

function drop(event) {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  place.removeAttribute("data-over");
  field.files = event.dataTransfer.files;
  form.requestSubmit();
}

if (field && place) {
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", () => place.removeAttribute("data-over"));
  document.addEventListener("drop", drop);
}
