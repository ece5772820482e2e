// Puts the page together, and keeps filters, cards and address in step.

function showHeader() {
  const {job, brand, run, started, counts, cost, provider_note: note} = sheet.header;
  byId("job").textContent = job;
  byId("origin").append(brand, brand && started ? " · " : "", moment(started));
  byId("colophon").textContent = `Run ${run}`;
  const figures = counts.map(([label, count]) => [label, number(count), label === "failed" && count > 0 ? "alarm" : ""]);
  for (const part of cost.split(", ").filter(Boolean)) {
    const [, amount, label] = /^(\S+) (spent|reused)$/.exec(part) || [null, part, "cost"];
    figures.push([label === "reused" ? "saved by reuse" : label, amount, ""]);
  }
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
  return element("time", {datetime: started, title: started}, `${at.toLocaleString("en-GB", form)} UTC`);
}

/** All pages when they are few; the first, the last and the near ones when they are many (null is a gap). */
function pageWindow(index, count) {
  const all = [...Array(count).keys()];
  if (count <= 12) return all;
  const kept = all.filter((at) => at === 0 || at === count - 1 || Math.abs(at - index) <= 2);
  return kept.flatMap((at, place) => (place && at - kept[place - 1] > 1 ? [null, at] : [at]));
}

function updatePageLinks() {
  const {index, names} = sheet.page;
  if (names.length < 2) return;
  const target = (at) => names[at] + stateHash(false);
  for (const nav of document.querySelectorAll("nav.pages")) {
    const links = pageWindow(index, names.length).map((at) => {
      if (at === null) return element("span", {"aria-hidden": "true"}, "…");
      const current = at === index ? "page" : undefined;
      return element("a", {href: target(at), "aria-label": `Page ${at + 1}`, "aria-current": current}, String(at + 1));
    });
    if (index > 0) links.unshift(element("a", {href: target(index - 1), rel: "prev"}, "Previous"));
    if (index < names.length - 1) links.push(element("a", {href: target(index + 1), rel: "next"}, "Next"));
    nav.replaceChildren(...links);
    nav.hidden = acrossPages(); // every page would show the same
  }
}

const several = sheet.page.names.length > 1;
const AT_ONCE = 100; // of what matches on all pages
let most = AT_ONCE;

/** Whether what is shown comes from all pages, not from this one alone. */
const acrossPages = () => several && known === "whole" && filterSummary() !== "";

const nothingFound = () => (!several || acrossPages() ? "Nothing matches." : "Nothing on this page matches.");

function showTally() {
  const {first, total, names, index} = sheet.page;
  const files = sheet.rows.cards.length;
  const across = acrossPages();
  const all = across ? allTiles.length : ownTiles.length;
  const filtered = matching.length !== all;
  // A sheet of several files is one tile: then sheets are counted.
  const inSheets = across ? total > all : files > all;
  const noun = (inSheets ? "sheet" : "asset") + (all === 1 ? "" : "s");
  let words = filtered ? `${number(matching.length)} of ${number(all)} ${noun}` : `${number(all)} ${noun}`;
  if (inSheets && !filtered) words += ` of ${number(across ? total : files)} files`;
  if (across) words += " on all pages";
  else if (several) {
    words += filtered ? " on this page" : "";
    words += ` · page ${index + 1} of ${names.length}, assets ${number(first + 1)} to ${number(first + files)} of ${number(total)}`;
    if (known === "asked" && filterSummary()) words += " · looking through the other pages";
    if (known === "missing") words += ` · search and filters act on this page, for ${sheet.page.search} is not beside it`;
  }
  byId("tally").replaceChildren(words, element("span", {class: "summary"}, filterSummary() ? ` · ${filterSummary()}` : ""));
  byId("clear").hidden = !filterSummary();
  const used = filtersInUse().length;
  byId("filters-toggle").textContent = used ? `Filters (${used})` : "Filters";
  const left = matching.length - shownNow.length;
  byId("more").textContent = `Show ${number(Math.min(left, AT_ONCE))} more of ${number(left)}`;
  byId("more").hidden = !left;
}

function refresh() {
  const {shown, counts} = sift(allTiles);
  const across = acrossPages();
  updateFacets(counts);
  byId("group").value = state.group;
  showCards(across ? shown : shown.filter((asset) => asset.page === sheet.page.index), counts, across ? most : Infinity);
  showTally();
}

function showMore() {
  most += AT_ONCE;
  refresh();
}

function change(name, value) {
  state[name] = value;
  most = AT_ONCE;
  refresh();
  writeHash();
}

function restore() {
  readHash();
  byId("search").value = state.q;
  most = AT_ONCE;
  refresh();
  updatePageLinks();
  showOpen();
}

/** Opens what the address says is open. */
function showOpen() {
  const asset = state.open && allTiles.find(({rows, places}) =>
    places.some((place) => said(rows, rows.cards[place][rows.fields.indexOf("id")]) === state.open));
  if (asset) openDetail(asset);
  else if (detail.open) detail.close();
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
byId("more").addEventListener("click", () => {
  const next = shownNow.length;
  showMore();
  shownNow[next].button.focus();
});
byId("filters-toggle").addEventListener("click", () => {
  const open = byId("toolbar").classList.toggle("open");
  byId("filters-toggle").setAttribute("aria-expanded", String(open));
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  if (shownNow.length) shownNow[0].button.focus();
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
restore();
document.documentElement.dataset.known = known;
readAllPages(() => {
  document.documentElement.dataset.known = known;
  refresh();
  updatePageLinks();
  if (state.open && !openAsset) showOpen();
});
