// What lies in the folder beside this page: the index of all tiles, and page by page what they say in full. A page on disk
// may read no file, but it may run a script; each of these does nothing but hand over its data.

const PAGES_KEPT = 24; // in memory, of those that were opened
let handOver = null; // takes what the script that runs now hands over
const opened = []; // pages, the last opened at the end
const opening = new Map(); // page → the promise of it

globalThis.contactSheet = {
  index: (block, stands) => addBlock(block, stands),
  page: (rows) => handOver?.(rows),
};

/** Runs one of the folder's scripts; false where it is not there. */
function runScript(name) {
  return new Promise((done) => {
    const script = element("script", {src: `${sheet.folder}/${name}`});
    const end = (there) => () => { script.remove(); done(there); };
    script.addEventListener("load", end(true));
    script.addEventListener("error", end(false));
    document.head.append(script);
  });
}

const pageName = ({page}) => `page-${page + 1}.js`;

let inTurn = Promise.resolve();

/** The page with all that its tiles say; `rows` stays null where it is not there. */
function openPage(page) {
  const block = blocks[page];
  if (block.rows || !sheet.folder) return Promise.resolve(block);
  if (!opening.has(page)) {
    // One after the other: what is handed over does not say which page it is.
    const opened = inTurn.then(async () => {
      handOver = (rows) => keep(block, rows);
      block.missing = !await runScript(pageName(block));
      handOver = null;
      opening.delete(page);
      return block;
    });
    opening.set(page, opened);
    inTurn = opened.catch(() => {});
  }
  return opening.get(page);
}

function keep(block, rows) {
  block.rows = rows;
  opened.push(block);
  while (opened.length > PAGES_KEPT) {
    const old = opened.shift();
    if (openAsset?.block === old) opened.push(old);
    else old.rows = null;
  }
}
