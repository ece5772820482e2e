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
    nav.hidden = false;
  }
}

function showTally() {
  const {first, total, names, index} = sheet.page;
  const filtered = shownNow.length !== assets.length;
  // A sheet of several files is one tile: then sheets are counted.
  const noun = (files.length > assets.length ? "sheet" : "asset") + (assets.length === 1 ? "" : "s");
  let words = filtered ? `${number(shownNow.length)} of ${number(assets.length)} ${noun}` : `${number(assets.length)} ${noun}`;
  if (files.length > assets.length && !filtered) words += ` of ${number(files.length)} files`;
  if (names.length > 1) {
    words += filtered ? " on this page" : "";
    words += ` · page ${index + 1} of ${names.length}, assets ${number(first + 1)} to ${number(first + files.length)} of ${number(total)}`;
    words += " · search and filters act on this page";
  }
  byId("tally").replaceChildren(words, element("span", {class: "summary"}, filterSummary() ? ` · ${filterSummary()}` : ""));
  byId("clear").hidden = !filterSummary();
  const used = filtersInUse().length;
  byId("filters-toggle").textContent = used ? `Filters (${used})` : "Filters";
}

function refresh() {
  updateFacets();
  byId("group").value = state.group;
  showCards(shownAssets());
  showTally();
}

function change(name, value) {
  state[name] = value;
  refresh();
  writeHash();
}

function restore() {
  readHash();
  byId("search").value = state.q;
  refresh();
  updatePageLinks();
  const wanted = state.open && assets.find((asset) => asset.files.some((file) => file.id === state.open));
  if (wanted) openDetail(wanted);
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
assets.forEach(buildCard);
restore();
