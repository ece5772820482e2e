// Where the tiles of a wall stand, reckoned without a page: contact sheets and the studio's walls have it in common.

class WallPlaces {
  /** Each of `groups` has its `count` of tiles, and in pixels the height of its heading (`head`) and of a row (`step`). */
  constructor(groups, columns) {
    this.columns = columns;
    let y = 0, first = 0;
    this.groups = groups.map((group) => {
      const placed = {...group, first, y};
      y += group.head + Math.ceil(group.count / columns) * group.step;
      first += group.count;
      return placed;
    });
    this.height = y;
  }

  /** How many columns a width in pixels has room for. */
  static columnsIn(width) {
    const narrow = width < 560;
    return Math.max(narrow ? 2 : 1, Math.floor(width / (narrow ? 170 : 224)));
  }

  /** The number of the group that a height (`y`) or a place (`first`) falls into. */
  groupAt(value, of) {
    let low = 0, high = this.groups.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.groups[middle][of] <= value) low = middle; else high = middle - 1;
    }
    return low;
  }

  groupOf(place) {
    return this.groups[this.groupAt(place, "first")];
  }

  yOf(place) {
    const group = this.groupOf(place);
    return group.y + group.head + Math.floor((place - group.first) / this.columns) * group.step;
  }

  /** Puts an element where a place is. */
  put(item, place) {
    item.style.top = `${this.yOf(place)}px`;
    item.style.insetInlineStart = `${((place - this.groupOf(place).first) % this.columns) * 100 / this.columns}%`;
  }

  /** The places between two heights, and the numbers of the groups whose headings may be seen there. */
  within(top, bottom) {
    const places = new Set(), heads = new Set();
    if (!this.groups.length) return {places, heads};
    for (let at = this.groupAt(Math.max(top, 0), "y"); at < this.groups.length && this.groups[at].y < bottom; at += 1) {
      const group = this.groups[at], begin = group.y + group.head;
      if (group.title) heads.add(at);
      const from = Math.max(0, Math.floor((top - begin) / group.step)) * this.columns;
      const to = Math.min(group.count, Math.ceil((bottom - begin) / group.step) * this.columns);
      for (let place = from; place < to; place += 1) places.add(group.first + place);
    }
    return {places, heads};
  }
}
