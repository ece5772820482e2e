// The wall of cards: built once, then regrouped; moved through with the arrow keys.

const wall = byId("assets");
const tileOn = new WeakMap(); // list item -> its tile
let matching = []; // in their order on the page, which grouping may change
let shownNow = []; // of these, so many as are shown at once

// Thumbnails are decoded as they come near the window, so that five hundred open as fast as fifty.
const nearby = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) loadThumb(entry.target);
}, {rootMargin: "900px 0px"});

function loadThumb(item) {
  nearby.unobserve(item);
  const asset = tileOn.get(item);
  if (asset.thumb !== undefined) showPictures([asset]);
  // Another page is opened once for all of its tiles that are shown.
  else wantPictures(shownNow.filter(({page}) => page === asset.page), picturesCame);
}

function picturesCame(tiles) {
  showPictures(tiles);
  if (tiles.includes(openAsset) && !zoom) openDetail(openAsset);
}

function showPictures(tiles) {
  for (const asset of tiles) {
    const picture = asset.item?.querySelector("img:not([src])");
    if (picture && asset.thumb) picture.src = asset.thumb;
    else if (picture && asset.thumb === "") picture.replaceWith(blank(asset));
  }
}

function blank(asset) {
  const failed = asset.status === "failed";
  const message = asset.findings.length ? asset.findings[0][2].split("\n")[0] : "";
  return element("span", {class: failed ? "blank failed" : "blank"},
    element("span", {class: "blank-word"}, failed ? "Failed" : "No preview"),
    failed ? element("span", {class: "blank-why", dir: "auto"}, message) : null);
}

function buildCard(asset) {
  if (asset.item) return;
  inFull(asset);
  const picture = asset.pictured ? element("img", {alt: "", decoding: "async", draggable: "false"}) : blank(asset);
  const signs = badges(asset.findings);
  if (asset.status === "failed" && asset.pictured) signs.unshift(element("span", {class: "badge error"}, "failed"));
  const button = element("button", {type: "button", class: "card", tabindex: "-1", title: asset.row, "aria-haspopup": "dialog"},
    element("span", {class: "well"}, picture),
    element("span", {class: "caption"},
      element("span", {class: "caption-row", dir: "auto"}, asset.row || asset.id),
      element("span", {class: "caption-what"}, [asset.layout, asset.format].filter(Boolean).join(" · ")),
      element("span", {class: "caption-size"}, [asset.size, asset.status === "reused" ? "reused" : ""].filter(Boolean).join(" · ")),
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
  return asset.row.split(" · ").filter((part) => part !== title).join(" · ") || asset.row || asset.id;
}

/** Whether a picture is so wide that its row needs less height. */
function isLow(asset) {
  const [, width, height] = /^([\d.]+) × ([\d.]+)/.exec(asset.size) || [null, 1, 1];
  return height / width < 0.75;
}

/** How many a group has, with the way to those on other pages. */
function groupCount(group, counts) {
  const here = number(group.assets.length);
  const everywhere = counts.get(state.group)?.get(group.value);
  if (state.group === "finding" || filterSummary() || !(everywhere > group.assets.length)) return element("p", {class: "group-count"}, here);
  const all = stateHash(false, {[state.group]: group.value});
  return element("p", {class: "group-count"}, `${here} on this page, `, element("a", {href: all}, `${number(everywhere)} in all`));
}

/** Shows what matches, up to `most` tiles. */
function showCards(shown, counts, most) {
  const groups = groupsOf(shown).filter((group) => group.assets.length);
  matching = groups.flatMap((group) => group.assets);
  shownNow = matching.slice(0, most);
  shownNow.forEach(buildCard);
  let room = most;
  const sections = [];
  for (const group of groups) {
    const placed = group.assets.slice(0, room);
    if (!placed.length) break;
    room -= placed.length;
    const list = element("ul", {class: placed.every(isLow) ? "grid low" : "grid"});
    list.append(...placed.map((asset) => asset.item));
    for (const asset of placed) asset.button.querySelector(".caption-row").textContent = captionUnder(asset, group.title);
    const heading = element("h2", {id: `group-${sections.length}`, dir: "auto"}, group.title);
    sections.push(!group.title ? element("section", {"aria-label": "Assets"}, list)
      : element("section", {"aria-labelledby": heading.id},
        element("div", {class: "group-head"}, heading, groupCount(group, counts),
          element("p", {class: "signs"}, ...badges(group.assets.flatMap((asset) => asset.findings)))),
        list));
  }
  if (!sections.length) sections.push(element("p", {class: "empty"}, ownTiles.length ? nothingFound() : "This run has no assets."));
  wall.replaceChildren(...sections);
  makeReachable(shownNow[0]);
  for (const asset of shownNow) if (asset.item.querySelector("img:not([src])")) nearby.observe(asset.item);
}

/** The card in the row above (-1) or below (+1) whose middle is nearest. */
function acrossRows(from, step) {
  const middle = (box) => box.left + box.width / 2;
  const here = from.item.getBoundingClientRect();
  let best = null;
  let bestTop = 0;
  for (let at = shownNow.indexOf(from) + step; at >= 0 && at < shownNow.length; at += step) {
    const box = shownNow[at].item.getBoundingClientRect();
    if (Math.abs(box.top - here.top) < 2) continue;
    if (best && Math.abs(box.top - bestTop) >= 2) break;
    bestTop = box.top;
    const away = Math.abs(middle(box) - middle(here));
    if (!best || away < best.away) best = {asset: shownNow[at], away};
  }
  return best && best.asset;
}

wall.addEventListener("keydown", (event) => {
  const item = event.target.closest("li[data-index]");
  if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
  const from = tileOn.get(item);
  const at = shownNow.indexOf(from);
  const next = {
    ArrowLeft: () => shownNow[at - 1],
    ArrowRight: () => shownNow[at + 1],
    ArrowUp: () => acrossRows(from, -1),
    ArrowDown: () => acrossRows(from, 1),
    Home: () => shownNow[0],
    End: () => shownNow[shownNow.length - 1],
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const target = next();
  if (target) target.button.focus();
});

window.addEventListener("beforeprint", () => {
  for (const asset of shownNow) loadThumb(asset.item);
});
