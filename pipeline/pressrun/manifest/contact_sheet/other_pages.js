// The other pages of this sheet: what they say is in one file beside them, their pictures they hand over themselves. On
// disk no page may read another; one that is opened in a frame may answer.

// A page that another one asks answers it, and shows nothing.
const askedFor = parent === window ? null : new URLSearchParams(location.hash.slice(1)).get("pictures");
if (askedFor !== null) {
  parent.postMessage(JSON.parse(askedFor).map(picturesOf), location.protocol === "file:" ? "*" : location.origin);
  return;
}

const ownTiles = tilesOf(sheet.rows, sheet.page.index);
let allTiles = ownTiles;
let known = sheet.page.names.length > 1 ? "asked" : "whole"; // "whole" once all pages are known, "missing" if they cannot be

/** Opens a file in a hidden frame; `heard` says of each message whether it was the last. Silence ends it with `missing`. */
function ask(name, heard, missing) {
  const frame = element("iframe", {src: name, hidden: "", title: "Another page"});
  let silence = 0;
  const end = () => {
    window.removeEventListener("message", listen);
    clearTimeout(silence);
    frame.remove();
  };
  const wait = () => {
    clearTimeout(silence);
    silence = setTimeout(() => { end(); missing(); }, 2000);
  };
  const listen = ({source, data}) => {
    if (source !== frame.contentWindow) return;
    if (heard(data)) end();
    else wait();
  };
  window.addEventListener("message", listen);
  frame.addEventListener("load", wait); // so does the browser's own page where the file is not there
  document.body.append(frame);
}

function readAllPages(then) {
  if (known !== "asked") return;
  const found = [];
  const count = sheet.page.names.length;
  ask(sheet.page.search, (rows) => {
    const page = found.length;
    const tiles = page === sheet.page.index ? ownTiles : tilesOf(JSON.parse(rows), page);
    found.push(tiles);
    // Made ready to be searched now, page by page: later it would be a pause at the first letter.
    tiles.forEach(stringsOf);
    if (tiles.length) foldedOf(tiles[0].rows);
    if (found.length < count) return false;
    allTiles = found.flat();
    known = "whole";
    then();
    return true;
  }, () => {
    known = "missing";
    then();
  });
}

const wanted = new Map(); // page -> its tiles whose pictures are asked for
let asking = false;

/** Asks for the pictures of tiles of other pages, which then have `thumb` and `previews`; `came` is told. */
function wantPictures(tiles, came) {
  for (const tile of tiles.filter(({thumb}) => thumb === undefined)) {
    tile.thumb = null; // on its way
    wanted.set(tile.page, [...(wanted.get(tile.page) || []), tile]);
  }
  // What a new search has put away need not come.
  for (const [page, waiting] of wanted) {
    const still = waiting.filter((tile) => tile === openAsset || shownNow.includes(tile));
    for (const tile of waiting) if (!still.includes(tile)) tile.thumb = undefined;
    if (still.length) wanted.set(page, still);
    else wanted.delete(page);
  }
  if (asking || !wanted.size) return;
  // One page after the other: each holds some megabytes.
  asking = true;
  const [page, asked] = wanted.entries().next().value;
  wanted.delete(page);
  const arrived = (pictures) => {
    asked.forEach((tile, at) => Object.assign(tile, pictures[at] || {thumb: "", previews: []}));
    asking = false;
    came(asked);
    wantPictures([], came);
    return true;
  };
  const places = encodeURIComponent(JSON.stringify(asked.map((tile) => tile.places)));
  ask(`${sheet.page.names[page]}#pictures=${places}`, arrived, () => arrived([]));
}
