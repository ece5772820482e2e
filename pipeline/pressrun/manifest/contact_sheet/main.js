// Puts the page together, and keeps filters, cards and address in step.

function showHeader() {
  const {job, brand, run, started, counts, costs, provider_note: note} = sheet.header;
  byId("job").textContent = job;
  byId("origin").append(element("bdi", {}, brand), brand && started ? " · " : "", moment(started));
  byId("colophon").textContent = t("Run {name}", {name: leftToRight(run)});
  const figures = counts.map(([status, count]) => [label("status", status), number(count), status === "failed" && count > 0 ? "alarm" : ""]);
  figures.push(...costs.map(([what, amount]) => [what, amount, ""]));
  byId("figures").append(...figures.map(([label, value, kind]) =>
    element("div", {class: kind}, element("dt", {}, label), element("dd", {}, value))));
  byId("notice").textContent = note;
  byId("notice").hidden = !note;
}

/** When the run began, as people write it; the machine's form stays within reach. */
function moment(started) {
  const at = new Date(/^\d{4}-\d\d-\d\dT/.test(started) ? started : NaN);
  if (Number.isNaN(at.getTime())) return started;
  const form = {day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC"};
  return element("time", {datetime: started, title: started}, `${at.toLocaleString(LANGUAGE === "en" ? "en-GB" : LANGUAGE, form)} UTC`);
}

function showTally() {
  const {files} = sheet;
  const all = allTiles.length;
  const filtered = matching.length !== all;
  // A sheet of several files is one tile: then sheets are counted.
  const inSheets = files > all;
  const some = {some: number(matching.length)};
  let words = "";
  if (filtered) words = inSheets ? counted("{some} of {count} sheets", all, some) : counted("{some} of {count} assets", all, some);
  else words = inSheets ? counted("{count} sheets of {files} files", all, {files: number(files)}) : counted("{count} assets", all);
  if (isSeeking()) words += ` · ${t("looking through all texts, {share} %", {share: number(Math.floor((seeking.page / blocks.length) * 100))})}`;
  byId("tally").replaceChildren(words, element("span", {class: "summary"}, filterSummary() ? ` · ${filterSummary()}` : ""));
  byId("clear").hidden = !filterSummary();
  const used = filtersInUse().length;
  byId("filters-toggle").textContent = used ? `${t("Filters")} (${number(used)})` : t("Filters");
}

function refresh() {
  const {shown, counts} = sift(allTiles);
  updateFacets(counts);
  byId("group").value = state.group;
  showCards(shown);
  showTally();
}

/** More was looked through for the words that are searched for; `found` whether that found anything. */
function foundMore(found) {
  if (found) refresh();
  else showTally();
}

function change(name, value) {
  state[name] = value;
  if (name === "q") seek(value, foundMore);
  refresh();
  writeHash();
}

function restore() {
  const before = state.q;
  readHash();
  byId("search").value = state.q;
  if (state.q !== before) seek(state.q, foundMore);
  refresh();
  showOpen();
}

/** Opens what the address says is open: on the page that it names, else wherever it is. */
async function showOpen() {
  const wanted = state.open;
  if (!wanted) {
    if (detail.open) detail.close();
    return;
  }
  const named = Number(state.page) - 1;
  const order = [...new Set([named, ...blocks.keys()])].filter((page) => page in blocks);
  for (const page of order) {
    const block = blocks[page].rows ? blocks[page] : await openPage(page);
    if (state.open !== wanted) return;
    const idAt = block.rows ? block.rows.fields.indexOf("id") : -1;
    const place = block.rows ? block.rows.cards.findIndex((card) => block.rows.words[card[idAt]] === wanted) : -1;
    if (place >= 0) return openDetail(block.tiles.find((tile) => place < tile.first + tile.count));
  }
  if (detail.open) detail.close();
}

let typing = 0;
byId("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => change("q", byId("search").value), 120);
});
byId("group").addEventListener("change", () => change("group", byId("group").value));
byId("toolbar").addEventListener("submit", (event) => event.preventDefault());
byId("clear").addEventListener("click", () => {
  for (const [name] of FACETS) state[name] = "";
  byId("search").value = "";
  change("q", "");
  byId("search").focus();
});
byId("filters-toggle").addEventListener("click", () => {
  const open = byId("toolbar").classList.toggle("open");
  byId("filters-toggle").setAttribute("aria-expanded", String(open));
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  if (matching.length) focusTile(0);
  else wall.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || detail.open || event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  byId("search").focus();
});
window.addEventListener("hashchange", restore);

showHeader();
buildFacets(change);

/** Begins, once all tiles are known. */
function begin() {
  restore();
  document.documentElement.dataset.known = "whole";
}

if (sheet.folder) {
  runScript("index.js").then((there) => {
    if (there) return begin();
    document.documentElement.dataset.known = "missing";
    byId("notice").textContent = t("The folder {name} belongs beside this page, and is not there.", {name: leftToRight(sheet.folder)});
    byId("notice").hidden = false;
  });
} else {
  addBlock(sheet.index, sheet.stands);
  blocks[0].rows = sheet.rows;
  begin();
}
