"use strict";
// The wall: however many sheets there are, only those in sight (and a little around it) are in the page.

let shape = pageData("shape");
const wall = byId("wall");
const RUN = `/runs/${encodeURIComponent(shape.run)}`;
const tail = shape.query ? `?${shape.query}` : "";
const ASK = 120; // tiles asked for at once
const BUILT = 16; // tiles that are made in one frame, at most,
const SPENT = 6; // and the milliseconds of it after which the others wait for the next
const known = new Map(); // place → tile
const asked = new Map(); // first place → the promise of its tiles
const shown = new Map(); // place → element
const heads = new Map();
const list = element("ul", {className: "tiles", "aria-label": t("Sheets")});
const selected = new Set(); // ids
let places = new WallPlaces([], 1), current = 0;

function measure() {
  const width = wall.clientWidth, step = parseInt(getComputedStyle(wall).getPropertyValue("--tile"), 10) + 8;
  places = new WallPlaces(shape.groups.map(([title, count]) => ({title, count, head: title ? 72 : 12, step})), WallPlaces.columnsIn(width));
  wall.style.height = `${places.height}px`;
  wall.style.setProperty("--columns", places.columns);
}

/** Where a tile's own run is: on a wall of all runs, another one than this page's. */
const runOf = (tile) => tile.of ? `/runs/${encodeURIComponent(tile.of)}` : RUN;

function stateBadge(state) {
  return state === "undecided" ? null : element("span", {className: `badge state ${state}`}, t(state));
}

/** In a picture's place, also where it is recorded and not there any more. */
function blank(failed) {
  return element("span", {className: failed ? "blank failed" : "blank"}, element("span", {className: "blank-word"}, t(failed ? "Failed" : "No picture")));
}

function build(place) {
  const tile = known.get(place);
  const item = element("li", {className: "tile", "data-place": place});
  if (!tile) { item.append(element("span", {className: "card waiting"}, element("span", {className: "well"}))); return item; }
  const picture = tile.picture
    ? element("img", {src: `${runOf(tile)}/pictures/${tile.file}/tile`, alt: "", decoding: "async", draggable: "false", onerror: (event) => event.target.replaceWith(blank(false))})
    : blank(tile.status === "failed");
  const pick = element("input", {type: "checkbox", className: "pick", tabindex: "-1", "aria-label": `${t("select")}: ${tile.title}, ${tile.caption}, ${tile.layout}`});
  pick.checked = selected.has(tile.id);
  pick.addEventListener("change", () => select(tile.id, pick.checked));
  item.dataset.id = tile.id;
  item.classList.toggle("selected", pick.checked);
  item.append(
    element("a", {className: "card", href: `${runOf(tile)}/sheets/${tile.file}${tail}`, tabindex: place === current ? "0" : "-1", "aria-label": `${tile.title}, ${tile.caption}, ${tile.layout}, ${t(tile.state)}`},
      element("span", {className: "well"}, picture),
      element("span", {className: "caption"},
        places.groupOf(place).title === tile.title ? null : element("span", {className: "caption-row caption-title", dir: "auto", title: tile.title}, tile.title),
        element("span", {className: "caption-row", dir: "auto", title: tile.under}, tile.under),
        element("span", {className: "caption-what"}, tile.what, tile.size ? element("span", {className: "of-size"}, " · ", element("bdi", {}, tile.size)) : null),
        tile.when ? element("span", {className: "caption-what"}, element("bdi", {}, tile.when), tile.runs > 1 ? ` · ${t("in {count} runs", {count: number(tile.runs)})}` : null) : null,
        element("span", {className: "signs"}, stateBadge(tile.state),
          tile.errors ? element("span", {className: "badge error"}, number(tile.errors)) : null,
          tile.warnings ? element("span", {className: "badge warning"}, number(tile.warnings)) : null,
          tile.byHand ? element("span", {className: "badge plain"}, t("by hand")) : null,
          ...tile.formats.map((format) => element("span", {className: "badge plain"}, format))))),
    pick);
  return item;
}

/** Asks for the tiles around a place, once. */
function ask(place) {
  const from = Math.floor(place / ASK) * ASK;
  if (!asked.has(from)) asked.set(from, fetchTiles(from));
  return asked.get(from);
}

async function fetchTiles(from) {
  try {
    const answer = await fetch(`${RUN}/tiles?${shape.query}${shape.query ? "&" : ""}from=${from}&count=${ASK}${shape.partial ? "&partial=1" : ""}`, {headers: {accept: "application/json"}});
    if (!answer.ok) throw new Error(answer.statusText);
    (await answer.json()).tiles.forEach((tile, index) => known.set(from + index, tile));
    drawSoon();
  } catch { asked.delete(from); }
}

function replace(place) {
  const before = shown.get(place);
  if (!before) return;
  const focused = before.contains(document.activeElement);
  const item = build(place);
  places.put(item, place);
  before.replaceWith(item);
  shown.set(place, item);
  if (focused) focus(place);
}

function put(place) {
  const item = build(place);
  places.put(item, place);
  shown.set(place, item);
  list.append(item);
}

/** Puts what is in sight into the page, and takes out what no longer is. */
function draw() {
  const top = window.scrollY - wall.offsetTop - 600, bottom = top + window.innerHeight + 1200;
  const {places: wanted, heads: wantedHeads} = places.within(top, bottom);
  for (const [place, item] of shown) if (!wanted.has(place) && !item.contains(document.activeElement)) { item.remove(); shown.delete(place); }
  for (const [at, head] of heads) if (!wantedHeads.has(at)) { head.remove(); heads.delete(at); }
  for (const at of wantedHeads) if (!heads.has(at)) {
    const head = element("div", {className: "group-head"}, element("h2", {dir: "auto"}, places.groups[at].title), element("p", {className: "group-count"}, number(places.groups[at].count)));
    head.style.top = `${places.groups[at].y}px`;
    heads.set(at, head);
    wall.append(head);
  }
  const middle = (top + bottom) / 2;
  const missing = [...wanted].filter((place) => !shown.has(place) || (known.has(place) && !shown.get(place).dataset.id));
  missing.sort((one, other) => Math.abs(places.yOf(one) - middle) - Math.abs(places.yOf(other) - middle));
  for (const place of wanted) {
    if (!known.has(place)) ask(place);
    if (place + ASK / 2 < shape.total) ask(place + ASK / 2);
  }
  const begun = performance.now();
  let made = 0;
  for (const place of missing.slice(0, BUILT)) {
    if (performance.now() - begun > SPENT) break;
    if (shown.has(place)) replace(place); else put(place);
    made += 1;
  }
  if (made < missing.length) drawSoon(); // so that scrolling is never held up
}

let drawing = 0;
function drawSoon() {
  if (!drawing) drawing = requestAnimationFrame(() => { drawing = 0; draw(); });
}

function redraw() {
  for (const item of shown.values()) item.remove();
  for (const head of heads.values()) head.remove();
  shown.clear();
  heads.clear();
  measure();
  draw();
}

/** Goes to a tile, wherever it is. */
function focus(place) {
  if (place < 0 || place >= shape.total) return;
  const before = shown.get(current);
  if (before && before.querySelector(".card")) before.querySelector(".card").tabIndex = -1;
  current = place;
  const y = wall.offsetTop + places.yOf(place), bar = byId("toolbar").offsetHeight;
  if (y < window.scrollY + bar || y + places.groupOf(place).step > window.scrollY + window.innerHeight) window.scrollTo({top: y - bar - 90});
  draw();
  if (!shown.has(place)) put(place);
  const card = shown.get(place) && shown.get(place).querySelector("a.card");
  if (card) { card.tabIndex = 0; card.focus({preventScroll: true}); }
}

function select(id, on) {
  if (on) selected.add(id); else selected.delete(id);
  const item = wall.querySelector(`.tile[data-id="${id}"]`);
  if (item) { item.classList.toggle("selected", on); item.querySelector(".pick").checked = on; }
  byId("selection").hidden = !selected.size;
  byId("selected-count").textContent = t("{count} selected", {count: number(selected.size)});
}

function clearSelection() {
  for (const id of [...selected]) select(id, false);
}

/** Shows where tiles stand. */
function heard(states) {
  for (const [place, tile] of known) if (states[tile.id] && states[tile.id] !== tile.state) { tile.state = states[tile.id]; replace(place); }
}

/** Shows where tiles stand again, and goes back to one that was decided alone: it may be meant to be said otherwise. */
function takenBack(states, before) {
  heard(states);
  const [place] = [...known].find(([, tile]) => before.length === 1 && tile.id === before[0].id) || [];
  if (place !== undefined) focus(place);
}

function meant() {
  if (selected.size) return [...selected];
  const tile = known.get(current);
  return tile ? [tile.id] : [];
}

async function say(verdict) {
  if (!selected.size && !known.has(current)) await ask(current);
  const tiles = meant();
  if (!tiles.length || !(shape.may === "decide" || shape.may === "buy")) return;
  const reason = verdict === "reject" ? await reasonFor(counted("Reject {count} sheets", tiles.length)) : "";
  if (reason === null) return;
  heard(Object.fromEntries(tiles.map((id) => [id, verdict === "approve" ? "approved" : "rejected"])));
  const single = !selected.size;
  decide(shape, {tiles, verdict, reason}, heard).catch(() => {});
  clearSelection();
  if (single) focus(current + 1);
}

let turn = Promise.resolve();
/** Keys may come faster than tiles: what they say is said one after the other. */
function inTurn(action) {
  turn = turn.then(action).catch(() => {});
}

function compare() {
  const ids = meant().slice(0, 6);
  if (ids.length > 1) location.href = `${RUN}/compare?${ids.map((id) => `with=${id}`).join("&")}`;
  else tell(t("Select two to six sheets first."));
}

shape.tiles.forEach((tile, place) => known.set(place, tile));
wall.replaceChildren(...(shape.total ? [list] : wall.children));
if (shape.partial) window.addEventListener("load", readOn); // its pictures are there
else if (shape.looksBack) readBack();
if (shape.total) {
  wall.classList.add("virtual");
  measure();
  draw();
  window.addEventListener("scroll", drawSoon, {passive: true});
  let widths = 0;
  new ResizeObserver(() => { if (wall.clientWidth !== widths) { widths = wall.clientWidth; redraw(); } }).observe(wall);
}
wall.addEventListener("focusin", (event) => {
  const item = event.target.closest(".tile");
  if (item) current = Number(item.dataset.place);
});

document.addEventListener("keydown", (event) => {
  if (!isForPage(event)) return;
  const across = document.dir === "rtl" ? -1 : 1;
  const actions = {
    ArrowRight: () => focus(current + across), ArrowLeft: () => focus(current - across),
    ArrowDown: () => focus(Math.min(current + places.columns, shape.total - 1)), ArrowUp: () => focus(Math.max(current - places.columns, 0)),
    Home: () => focus(0), End: () => focus(shape.total - 1),
    x: () => { const tile = known.get(current); if (tile) select(tile.id, !selected.has(tile.id)); },
    a: () => inTurn(() => say("approve")), r: () => inTurn(() => say("reject")), u: () => inTurn(() => undo(shape, takenBack)), v: compare,
    "/": () => byId("search").focus(), Escape: clearSelection,
    n: () => focus(current + 1), p: () => focus(current - 1),
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action || !shape.total) return;
  event.preventDefault();
  action();
});

byId("selection").addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  ({approve: () => say("approve"), reject: () => say("reject"), compare, none: clearSelection})[button.dataset.do]();
});

const approveAll = byId("approve-all");
if (approveAll) approveAll.addEventListener("click", async () => {
  if (!shape.total || !await isSure(counted("Approve {count} sheets, all that is shown?", shape.total))) return;
  decide(shape, {rule: shape.query, verdict: "approve"}, heard).then(() => tell(t("Kept.")), () => {});
});

const linkForm = byId("link-form");
if (linkForm) linkForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = {who: linkForm.who.value, role: linkForm.role.value, days: Number(linkForm.days.value)};
  const made = await post(`${RUN}/links`, said, shape.csrf);
  const field = byId("link-made");
  field.value = location.origin + made.path;
  field.hidden = false;
  field.select();
});

/** Of a large run the beginning comes first: the whole of it takes its place once it was read. */
async function readOn() {
  await fetch(`${RUN}/tiles?from=0&count=0`, {headers: {accept: "application/json"}});
  const page = await thisPage();
  if (!page) return;
  fill(page, ["facets", "facets-more", "tally", "out", "out-count"]);
  for (const one of document.querySelectorAll("[data-state]")) one.replaceChildren(...page.querySelector(`[data-state="${one.dataset.state}"]`).childNodes);
  shape = JSON.parse(page.getElementById("shape").textContent);
  known.clear();
  asked.clear();
  shape.tiles.forEach((tile, place) => known.set(place, tile));
  redraw();
  if (shape.looksBack) readBack();
}

/** What a run left out is found in the runs before it, which may take a while to be read. */
async function readBack() {
  let answer;
  do { answer = await fetch(`${RUN}/left-out`); } while (answer.status === 202);
  const page = answer.ok && await thisPage();
  if (page) fill(page, ["out", "out-count"]);
}

async function thisPage() {
  const answer = await fetch(location.href);
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

function fill(page, ids) {
  for (const id of ids) byId(id).replaceChildren(...page.getElementById(id).childNodes);
}

const toolbar = byId("toolbar");
toolbar.addEventListener("change", () => toolbar.requestSubmit());
toolbar.addEventListener("submit", (event) => {
  event.preventDefault(); // an address says what was chosen, and nothing else
  const plain = {group: "first", order: "run"};
  const said = [...new FormData(toolbar)].filter(([name, value]) => value && plain[name] !== value);
  location.href = said.length ? `${RUN}?${new URLSearchParams(said)}` : RUN;
});
byId("filters-toggle").addEventListener("click", () => {
  byId("filters-toggle").setAttribute("aria-expanded", String(toolbar.classList.toggle("open")));
});
byId("run-choice").addEventListener("change", (event) => { location.href = event.target.value + tail; });
