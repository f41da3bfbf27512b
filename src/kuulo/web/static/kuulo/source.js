// Say, while the source is typed, whether it is known or a new one will be made; without this script it is asked later.
const field = document.querySelector("#source");
const said = document.querySelector("#source-said[data-new]");
const asked = document.querySelector("#new-source");

const say = () => {
  const name = field.value.trim();
  const known = [...field.list.options].some((one) => one.value.toLowerCase() === name.toLowerCase());
  said.textContent = name ? (known ? said.dataset.known : said.dataset.new) : "";
  said.toggleAttribute("data-is-new", Boolean(name) && !known);
  asked.value = name && !known ? name : "";
};

if (field?.list && said && asked) {
  field.addEventListener("input", say);
  say();
}
