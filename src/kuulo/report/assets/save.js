// What is shown, as a file. A cell that a spreadsheet would run as a formula begins with an apostrophe.
const HEADERS = ["row", "time", "status", "theme", "subtheme", "text"];
const shownRows = () => [...passes.keys()].filter((row) => passes[row]);
const cellsOf = (row) => {
  const nameOf = (theme) => (theme >= 0 && !columns.uncertain[row] ? data.themes[theme][NAME] : "");
  const text = data.texts[row];
  return [
    text ? text[ORIGIN] : "",
    columns.day[row] === null ? "" : isoOf(columns.day[row]),
    words[columns.uncertain[row] ? "status.uncertain" : "status.grouped"],
    nameOf(columns.theme[row]),
    nameOf(columns.subtheme[row]),
    text ? text[TEXT] : "",
    ...data.facets.map(([, values, of]) => (of[row] >= 0 ? values[of[row]] : "")),
  ];
};
const headers = () => [...HEADERS.map((name) => words[`export.${name}`]), ...data.facets.map(([name]) => name)];
const cell = (value) => `"${(/^[=+\-@\t\r]/.test(value) ? "'" : "") + value.replaceAll('"', '""')}"`;
const asCsv = () => "\ufeff" + [headers(), ...shownRows().map(cellsOf)].map((line) => line.map(cell).join(",") + "\r\n").join("");
// A file may name two columns alike, or one like ours: what it tells stands apart.
const asJson = () => JSON.stringify(shownRows().map((row) => {
  const cells = cellsOf(row);
  const own = HEADERS.map((name, at) => [name, cells[at]]);
  const told = data.facets.map(([name], at) => ({ name, value: cells[HEADERS.length + at] }));
  return { ...Object.fromEntries(own), told };
}), null, 1);
const save = (name, type, content) => {
  const anchor = make("a");
  anchor.href = URL.createObjectURL(new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
};
document.getElementById("save-csv").addEventListener("click", () => save("kuulo.csv", "text/csv", asCsv()));
document.getElementById("save-json").addEventListener("click", () => save("kuulo.json", "application/json", asJson()));
