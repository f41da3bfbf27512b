// Themes across: how many messages of each theme have each value of a facet. Every number opens its messages.
const MOST_VALUES = 12;
const across = document.getElementById("across-by");
const drawAcross = () => {
  const target = document.getElementById("across-table");
  if (!across || across.value === "") {
    target?.replaceChildren();
    return;
  }
  const facet = Number(across.value);
  const [name, values, of] = data.facets[facet];
  const living = themes.filter((theme) => countShown(theme) > 0);
  const table = make("table", "across");
  const head = make("tr");
  head.append(heading("col", words["column.theme"]), ...values.slice(0, MOST_VALUES).map((value) => heading("col", value, "number")));
  const body = make("tbody");
  for (const theme of living) {
    const place = numberOf(theme);
    const row = make("tr");
    const label = heading("row", data.themes[place][NAME]);
    tongue(label, data.themes[place][NAME_LANG]);
    row.append(label);
    values.slice(0, MOST_VALUES).forEach((value, at) => row.append(countCell(theme, facet, at, of)));
    body.append(row);
  }
  const top = make("thead");
  top.append(head);
  table.append(top, body);
  target.replaceChildren(table);
  if (values.length > MOST_VALUES) target.append(make("p", "hint", say("across.part", { n: number(MOST_VALUES), all: number(values.length), name })));
};
const heading = (scope, text, className = "") => {
  const cell = make("th", className, text);
  cell.scope = scope;
  return cell;
};
const countCell = (theme, facet, value, of) => {
  const n = members[numberOf(theme)].filter((row) => passes[row] && of[row] === value).length;
  const cell = make("td", "number");
  if (!n) {
    cell.textContent = "0";
    return cell;
  }
  cell.append(makeButton("plain", number(n), () => {
    choose(facet, value);
    theme.open = true;
    theme.scrollIntoView();
    theme.querySelector("summary").focus({ preventScroll: true });
  }));
  return cell;
};
if (across) {
  data.facets.forEach(([name], facet) => across.append(new Option(name, String(facet))));
  across.addEventListener("change", drawAcross);
  for (const part of ["across", "to-across"]) document.getElementById(part).hidden = data.facets.length === 0;
}
