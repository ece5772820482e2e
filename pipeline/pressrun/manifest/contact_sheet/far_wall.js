// The wall of a long run: only tiles in sight, and a little around them, are in the page.

const AROUND = 900; // pixels above and below the window
const MOST_PRINTED = 400;
const HEAD = 72, NO_HEAD = 12; // the heights of a group's heading, and of none

const farWall = {
  groups: [], // title, assets, whether all are low
  places: new WallPlaces([], 1),
  drawn: new Map(), // place → list item
  heads: new Map(), // number of a group → heading
  list: element("ul", {class: "tiles", "aria-label": t("Assets")}),

  show(groups) {
    this.drop();
    this.groups = groups.map((group) => ({...group, low: group.assets.every(isLow)}));
    wall.replaceChildren(this.list);
    this.measure();
    this.draw();
    makeReachable(matching[0]?.item?.isConnected ? matching[0] : this.drawn.size ? tileOn.get([...this.drawn.values()][0]) : null);
  },

  measure() {
    const styles = getComputedStyle(wall);
    const width = wall.clientWidth - parseFloat(styles.paddingLeft) - parseFloat(styles.paddingRight) + 24;
    const tall = parseFloat(styles.getPropertyValue("--well"));
    const below = 122; // the caption's lines and the space around a tile
    this.places = new WallPlaces(this.groups.map((group) => ({
      ...group, count: group.assets.length, head: group.title ? HEAD : NO_HEAD, step: (group.low ? Math.min(136, tall) : tall) + below,
    })), WallPlaces.columnsIn(width));
    this.list.style.height = `${this.places.height}px`;
    this.list.style.setProperty("--columns", this.places.columns);
  },

  /** Puts what is in sight into the page, and takes out what no longer is. */
  draw() {
    if (!this.groups.length) return;
    const top = window.scrollY - (this.list.getBoundingClientRect().top + window.scrollY) - AROUND;
    const bottom = top + window.innerHeight + 2 * AROUND;
    const {places: wanted, heads} = this.places.within(top, bottom);
    for (const [place, item] of this.drawn) if (!wanted.has(place) && !item.contains(document.activeElement)) { this.forget(place, item); }
    for (const [at, head] of this.heads) if (!heads.has(at)) { head.remove(); this.heads.delete(at); }
    const added = [];
    for (const at of heads) if (!this.heads.has(at)) {
      const item = element("li", {class: "tiles-head"}, groupHead(this.places.groups[at], `group-${at}`));
      item.style.top = `${this.places.groups[at].y}px`;
      this.heads.set(at, item);
      added.push(item);
    }
    for (const place of [...wanted].sort((one, other) => one - other)) if (!this.drawn.has(place)) added.push(this.place(place));
    this.list.append(...added);
  },

  place(at) {
    const asset = matching[at], group = this.places.groupOf(at);
    buildCard(asset);
    asset.item.classList.toggle("low", group.low);
    this.places.put(asset.item, at);
    asset.item.setAttribute("aria-posinset", at + 1);
    asset.item.setAttribute("aria-setsize", matching.length);
    asset.button.querySelector(".caption-row").textContent = namesOf(captionUnder(asset, group.title));
    loadThumb(asset.item);
    this.drawn.set(at, asset.item);
    return asset.item;
  },

  forget(place, item) {
    const asset = tileOn.get(item);
    item.remove();
    this.drawn.delete(place);
    asset.item = asset.button = null;
  },

  drop() {
    for (const [place, item] of this.drawn) this.forget(place, item);
    for (const head of this.heads.values()) head.remove();
    this.heads.clear();
  },

  /** Has a tile in the page, and in sight. */
  bring(at) {
    const y = this.list.getBoundingClientRect().top + window.scrollY + this.places.yOf(at);
    const bar = byId("toolbar").getBoundingClientRect(), hidden = bar.top <= 0 ? bar.height : 0;
    const height = this.places.groupOf(at).step;
    if (y < window.scrollY + hidden + 8 || y + height > window.scrollY + window.innerHeight) window.scrollTo({top: y - hidden - 80});
    this.draw();
  },

  acrossRows(from, step) {
    const {groups, columns} = this.places, number = this.places.groupAt(from, "first"), group = groups[number];
    const column = (from - group.first) % columns, next = from + step * columns;
    if (next >= group.first && next < group.first + group.count) return next;
    const last = group.first + group.count - 1, there = groups[number + step];
    if (step > 0 && Math.floor((from - group.first) / columns) < Math.floor((last - group.first) / columns)) return last;
    if (!there) return -1;
    const rows = Math.floor((there.count - 1) / columns);
    return Math.min(there.first + (step > 0 ? 0 : rows * columns) + column, there.first + there.count - 1);
  },

  /** All that matches in a row for the printer, as far as a print may be long; `false`: as before. */
  lay(printing) {
    if (printing) for (let at = 0; at < Math.min(matching.length, MOST_PRINTED); at += 1) if (!this.drawn.has(at)) this.list.append(this.place(at));
    this.list.classList.toggle("printed", printing);
    if (!printing) this.draw();
  },

  again() {
    if (!this.groups.length || !this.list.isConnected) return;
    this.drop();
    this.measure();
    this.draw();
  },
};

if (sheet.folder) {
  let drawing = 0, width = 0;
  window.addEventListener("scroll", () => { drawing ||= requestAnimationFrame(() => { drawing = 0; farWall.draw(); }); }, {passive: true});
  new ResizeObserver(() => { if (wall.clientWidth !== width) { width = wall.clientWidth; farWall.again(); } }).observe(wall);
}
