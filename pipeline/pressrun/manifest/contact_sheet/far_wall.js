// The wall of a long run: only tiles in sight, and a little around them, are in the page.

const AROUND = 900; // pixels above and below the window
const MOST_PRINTED = 400;
const HEAD = 72, NO_HEAD = 12; // the heights of a group's heading, and of none

const farWall = {
  layout: [], // groups: title, assets, first place, y, heights
  drawn: new Map(), // place → list item
  heads: new Map(), // group → heading
  columns: 1,
  list: element("ul", {class: "tiles", "aria-label": "Assets"}),

  show(groups) {
    this.drop();
    this.layout = groups.map((group) => ({...group, low: group.assets.every(isLow)}));
    wall.replaceChildren(this.list);
    this.measure();
    this.draw();
    makeReachable(matching[0]?.item?.isConnected ? matching[0] : this.drawn.size ? tileOn.get([...this.drawn.values()][0]) : null);
  },

  measure() {
    const styles = getComputedStyle(wall);
    const width = wall.clientWidth - parseFloat(styles.paddingLeft) - parseFloat(styles.paddingRight) + 24;
    const tall = parseFloat(styles.getPropertyValue("--well"));
    const narrow = width < 560;
    this.columns = Math.max(narrow ? 2 : 1, Math.floor(width / (narrow ? 170 : 224)));
    let y = 0, first = 0;
    for (const group of this.layout) {
      const below = 122; // the caption's lines and the space around a tile
      Object.assign(group, {first, y, head: group.title ? HEAD : NO_HEAD, step: (group.low ? Math.min(136, tall) : tall) + below});
      y += group.head + Math.ceil(group.assets.length / this.columns) * group.step;
      first += group.assets.length;
    }
    this.list.style.height = `${y}px`;
    this.list.style.setProperty("--columns", this.columns);
  },

  /** The group that a height (`y`) or a place (`first`) falls into. */
  groupAt(value, of) {
    let low = 0, high = this.layout.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.layout[middle][of] <= value) low = middle; else high = middle - 1;
    }
    return this.layout[low];
  },

  yOf(place) {
    const group = this.groupAt(place, "first");
    return group.y + group.head + Math.floor((place - group.first) / this.columns) * group.step;
  },

  /** Puts what is in sight into the page, and takes out what no longer is. */
  draw() {
    if (!this.layout.length) return;
    const top = window.scrollY - (this.list.getBoundingClientRect().top + window.scrollY) - AROUND;
    const bottom = top + window.innerHeight + 2 * AROUND;
    const wanted = new Set(), heads = new Set();
    for (let at = this.layout.indexOf(this.groupAt(Math.max(top, 0), "y")); at < this.layout.length && this.layout[at].y < bottom; at += 1) {
      const group = this.layout[at], begin = group.y + group.head;
      if (group.title) heads.add(group);
      const from = Math.max(0, Math.floor((top - begin) / group.step)) * this.columns;
      const to = Math.min(group.assets.length, Math.ceil((bottom - begin) / group.step) * this.columns);
      for (let place = from; place < to; place += 1) wanted.add(group.first + place);
    }
    for (const [place, item] of this.drawn) if (!wanted.has(place) && !item.contains(document.activeElement)) { this.forget(place, item); }
    for (const [group, head] of this.heads) if (!heads.has(group)) { head.remove(); this.heads.delete(group); }
    const added = [];
    for (const group of heads) if (!this.heads.has(group)) {
      const head = groupHead(group, `group-${this.layout.indexOf(group)}`);
      const item = element("li", {class: "tiles-head"}, head);
      item.style.top = `${group.y}px`;
      this.heads.set(group, item);
      added.push(item);
    }
    for (const place of [...wanted].sort((one, other) => one - other)) if (!this.drawn.has(place)) added.push(this.place(place));
    this.list.append(...added);
  },

  place(at) {
    const asset = matching[at], group = this.groupAt(at, "first");
    buildCard(asset);
    asset.item.classList.toggle("low", group.low);
    asset.item.style.top = `${this.yOf(at)}px`;
    asset.item.style.insetInlineStart = `${((at - group.first) % this.columns) * 100 / this.columns}%`;
    asset.item.setAttribute("aria-posinset", at + 1);
    asset.item.setAttribute("aria-setsize", matching.length);
    asset.button.querySelector(".caption-row").textContent = captionUnder(asset, group.title);
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
    const y = this.list.getBoundingClientRect().top + window.scrollY + this.yOf(at);
    const bar = byId("toolbar").getBoundingClientRect(), hidden = bar.top <= 0 ? bar.height : 0;
    const height = this.groupAt(at, "first").step;
    if (y < window.scrollY + hidden + 8 || y + height > window.scrollY + window.innerHeight) window.scrollTo({top: y - hidden - 80});
    this.draw();
  },

  acrossRows(from, step) {
    const group = this.groupAt(from, "first"), column = (from - group.first) % this.columns, next = from + step * this.columns;
    if (next >= group.first && next < group.first + group.assets.length) return next;
    const last = group.first + group.assets.length - 1;
    const there = step > 0 ? this.layout.find((one) => one.first > last) : this.layout[this.layout.indexOf(group) - 1];
    if (step > 0 && Math.floor((from - group.first) / this.columns) < Math.floor((last - group.first) / this.columns)) return last;
    if (!there) return -1;
    const rows = Math.floor((there.assets.length - 1) / this.columns);
    return Math.min(there.first + (step > 0 ? 0 : rows * this.columns) + column, there.first + there.assets.length - 1);
  },

  /** All that matches in a row for the printer, as far as a print may be long; `false`: as before. */
  lay(printing) {
    if (printing) for (let at = 0; at < Math.min(matching.length, MOST_PRINTED); at += 1) if (!this.drawn.has(at)) this.list.append(this.place(at));
    this.list.classList.toggle("printed", printing);
    if (!printing) this.draw();
  },

  again() {
    if (!this.layout.length || !this.list.isConnected) return;
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
