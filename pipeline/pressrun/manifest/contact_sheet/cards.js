// The tiles, and the wall of those that all fit into the page at once: moved through with the arrow keys.

const wall = byId("assets");
const tileOn = new WeakMap(); // list item -> its tile
let matching = []; // in their order on the page, which grouping may change

// Thumbnails are decoded as they come near the window, so that two hundred open as fast as twenty.
const nearby = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) loadThumb(entry.target);
}, {rootMargin: "900px 0px"});

function loadThumb(item) {
  nearby.unobserve(item);
  const picture = item.querySelector("img:not([src])");
  if (picture) picture.src = thumbShown(tileOn.get(item));
}

function blank(asset) {
  const failed = asset.status === "failed";
  const [, code, message] = asset.findings[0] || ["", "", ""];
  return element("span", {class: failed ? "blank failed" : "blank", dir: document.documentElement.dir},
    element("span", {class: "blank-word"}, failed ? t("Failed") : t("No preview")),
    failed ? element("span", {class: "blank-why", dir: "auto"}, message ? message.split("\n")[0] : code) : null);
}

function buildCard(asset) {
  if (asset.item) return;
  inFull(asset);
  const thumb = thumbShown(asset);
  const picture = thumb ? element("img", {alt: "", decoding: "async", draggable: "false"}) : blank(asset);
  picture.addEventListener("error", () => picture.replaceWith(blank(asset)));
  const signs = badges(asset.findings);
  if (asset.status === "failed" && thumb) signs.unshift(element("span", {class: "badge error"}, t("failed")));
  const button = element("button", {type: "button", class: "card", tabindex: "-1", title: asset.row, "aria-haspopup": "dialog"},
    element("span", {class: "well"}, picture),
    element("span", {class: "caption"},
      element("span", {class: "caption-row", dir: NAMES_RUN}, asset.row || asset.id),
      element("span", {class: "caption-what"}, [label("layout", asset.layout), asset.formats.join(", ")].filter(Boolean).join(" · ")),
      element("span", {class: "caption-size"}, [measure(asset.size), asset.status === "reused" ? t("reused") : ""].filter(Boolean).join(" · ")),
      element("span", {class: "signs"}, ...signs)));
  const item = element("li", {"data-index": asset.index}, button);
  button.addEventListener("click", () => openDetail(asset));
  button.addEventListener("focus", () => makeReachable(asset));
  tileOn.set(item, asset);
  asset.item = item;
  asset.button = button;
}

/** One card is in the tab order at a time; the arrow keys reach the others. */
function makeReachable(asset) {
  for (const other of wall.querySelectorAll('.card[tabindex="0"]')) other.tabIndex = -1;
  if (asset) asset.button.tabIndex = 0;
}

/** What a card is called under a heading, which need not be said again. */
function captionUnder(asset, title) {
  const parts = asset.row.split(" · ");
  const only = LABELS.locale.size === 1 ? label("locale", asset.locale) : "";
  return parts.filter((part) => part !== title && part !== only).join(" · ") || parts.filter((part) => part !== title).join(" · ") || asset.row || asset.id;
}

/** Whether a picture is so wide that its row needs less height. */
function isLow(asset) {
  const [, width, height] = /^([\d.]+) × ([\d.]+)/.exec(asset.size) || [null, 1, 1];
  return height / width < 0.75;
}

const findingsOf = (assets) => assets.flatMap((asset) => asset.findings);

function groupHead(group, id) {
  return element("div", {class: "group-head"},
    element("h2", {id, dir: "auto"}, group.title), element("p", {class: "group-count"}, number(group.assets.length)),
    element("p", {class: "signs"}, ...badges(findingsOf(group.assets))));
}

/** Shows what matches. */
function showCards(shown) {
  const groups = groupsOf(shown).filter((group) => group.assets.length);
  matching = groups.flatMap((group) => group.assets);
  if (!matching.length) wall.replaceChildren(element("p", {class: "empty"}, allTiles.length ? (isSeeking() ? t("Looking …") : t("Nothing matches.")) : t("This run has no assets.")));
  else if (sheet.folder) farWall.show(groups);
  else showFlowing(groups);
}

function showFlowing(groups) {
  matching.forEach(buildCard);
  const sections = groups.map((group, at) => {
    const list = element("ul", {class: group.assets.every(isLow) ? "grid low" : "grid"});
    list.append(...group.assets.map((asset) => asset.item));
    for (const asset of group.assets) asset.button.querySelector(".caption-row").textContent = namesOf(captionUnder(asset, group.title));
    return group.title ? element("section", {"aria-labelledby": `group-${at}`}, groupHead(group, `group-${at}`), list)
      : element("section", {"aria-label": t("Assets")}, list);
  });
  wall.replaceChildren(...sections);
  makeReachable(matching[0]);
  for (const asset of matching) if (asset.item.querySelector("img:not([src])")) nearby.observe(asset.item);
}

const ALONG = MIRRORED ? {ArrowLeft: 1, ArrowRight: -1} : {ArrowLeft: -1, ArrowRight: 1}; // as the page is read

/** Where a tile is that a key leads to: the place in `matching`. */
function placeOfKey(key, at) {
  const across = ALONG[key];
  if (across) return at + across;
  if (key === "Home") return 0;
  if (key === "End") return matching.length - 1;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const step = key === "ArrowUp" ? -1 : 1;
    return sheet.folder ? farWall.acrossRows(at, step) : acrossRows(at, step);
  }
  return -1;
}

/** The card in the row above (-1) or below (+1) whose middle is nearest. */
function acrossRows(from, step) {
  const middle = (box) => box.left + box.width / 2;
  const here = matching[from].item.getBoundingClientRect();
  let best = -1;
  let bestTop = 0;
  let least = Infinity;
  for (let at = from + step; at >= 0 && at < matching.length; at += step) {
    const box = matching[at].item.getBoundingClientRect();
    if (Math.abs(box.top - here.top) < 2) continue;
    if (best >= 0 && Math.abs(box.top - bestTop) >= 2) break;
    bestTop = box.top;
    const away = Math.abs(middle(box) - middle(here));
    if (away < least) [best, least] = [at, away];
  }
  return best;
}

function focusTile(at) {
  const asset = matching[at];
  if (!asset) return;
  if (sheet.folder) farWall.bring(at);
  asset.button.focus({preventScroll: Boolean(sheet.folder)});
}

wall.addEventListener("keydown", (event) => {
  const item = event.target.closest("li[data-index]");
  if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
  if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  focusTile(placeOfKey(event.key, matching.indexOf(tileOn.get(item))));
});

window.addEventListener("beforeprint", () => {
  if (sheet.folder) farWall.lay(true);
  for (const item of wall.querySelectorAll("li[data-index]")) loadThumb(item);
});
window.addEventListener("afterprint", () => { if (sheet.folder) farWall.lay(false); });
