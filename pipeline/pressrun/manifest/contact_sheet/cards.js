// The wall of cards: built once, then regrouped; moved through with the arrow keys.

const wall = byId("assets");
let shownNow = [];

// Thumbnails are decoded as they come near the window, so that five hundred open as fast as fifty.
const nearby = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) loadThumb(entry.target);
}, {rootMargin: "900px 0px"});

function loadThumb(item) {
  nearby.unobserve(item);
  const picture = item.querySelector("img");
  if (picture && !picture.hasAttribute("src")) picture.src = assets[item.dataset.index].thumb;
}

function blank(asset) {
  const failed = asset.status === "failed";
  const message = asset.findings.length ? asset.findings[0][2].split("\n")[0] : "";
  return element("span", {class: failed ? "blank failed" : "blank"},
    element("span", {class: "blank-word"}, failed ? "Failed" : "No preview"),
    failed ? element("span", {class: "blank-why", dir: "auto"}, message) : null);
}

function buildCard(asset) {
  const picture = asset.thumb ? element("img", {alt: "", decoding: "async", draggable: "false"}) : blank(asset);
  const signs = badges(asset.findings);
  if (asset.status === "failed" && asset.thumb) signs.unshift(element("span", {class: "badge error"}, "failed"));
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

function showCards(shown) {
  const sections = groupsOf(shown).filter((group) => group.assets.length).map((group, index) => {
    const list = element("ul", {class: group.assets.every(isLow) ? "grid low" : "grid"});
    list.append(...group.assets.map((asset) => asset.item));
    for (const asset of group.assets) asset.button.querySelector(".caption-row").textContent = captionUnder(asset, group.title);
    if (!group.title) return element("section", {"aria-label": "Assets"}, list);
    const heading = element("h2", {id: `group-${index}`, dir: "auto"}, group.title);
    const findings = group.assets.flatMap((asset) => asset.findings);
    return element("section", {"aria-labelledby": heading.id},
      element("div", {class: "group-head"}, heading,
        element("p", {class: "group-count"}, number(group.assets.length)),
        element("p", {class: "signs"}, ...badges(findings))),
      list);
  });
  if (!sections.length) sections.push(element("p", {class: "empty"}, assets.length ? "Nothing on this page matches." : "This run has no assets."));
  wall.replaceChildren(...sections);
  // The order on the page, which grouping may change.
  shownNow = [...wall.querySelectorAll("li[data-index]")].map((item) => assets[item.dataset.index]);
  makeReachable(shownNow[0]);
  for (const asset of shownNow) if (!asset.item.querySelector("img[src]")) nearby.observe(asset.item);
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
  const from = assets[item.dataset.index];
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
