// Words looked for: at once in what the index says of a tile, then, page by page, in all that its files say.

const seeking = {words: [], found: new Set(), page: 0, hits: new Map(), turn: 0};
const UNSEARCHED = ["sheet", "direction"];

const isSeeking = () => seeking.words.length > 0 && seeking.page < blocks.length;

function foldedOf(block) {
  block.folded ??= block.words.map(folded);
  return block.folded;
}

/** Which of the words looked for each string of an index has, as bits. */
function hitsIn(block) {
  if (!seeking.hits.has(block)) seeking.hits.set(block, bits(foldedOf(block)));
  return seeking.hits.get(block);
}

// Digests and ids: a few digits of them are in every tenth file, and nobody looks for so few.
const DIGEST = /^(?:[0-9a-f]{64}|(?=.*[a-f])[0-9a-f]{12})$/;
const FEWEST = 6;

function bits(strings) {
  return strings.map((text) => {
    const few = DIGEST.test(text) ? FEWEST : 1;
    return seeking.words.reduce((found, word, at) => (word.length >= few && text.includes(word) ? found | (1 << at) : found), 0);
  });
}

/** The words that the index of a tile has, as bits. */
function indexBits(tile) {
  const hits = hitsIn(tile.block);
  let found = 0;
  for (const at of tile.numbers) found |= hits[at];
  return found;
}

const every = () => (1 << seeking.words.length) - 1;

/** Whether a tile has all words looked for, as far as was looked by now. */
function isFound(tile) {
  return !seeking.words.length || seeking.found.has(tile.index) || indexBits(tile) === every();
}

/** Looks for other words from now on; `more` is told whenever further tiles were found, and at the end. */
function seek(text, more) {
  Object.assign(seeking, {words: folded(text).split(/\s+/).filter(Boolean).slice(0, 30), found: new Set(), page: 0, hits: new Map(), turn: seeking.turn + 1});
  if (!seeking.words.length) return;
  if (!sheet.folder) blocks.forEach((block) => lookThrough(block));
  else setTimeout(lookOn, 150, seeking.turn, more);
}

async function lookOn(turn, more) {
  let told = performance.now(), before = 0;
  while (turn === seeking.turn && isSeeking()) {
    lookThrough(await openPage(seeking.page), turn);
    if (turn !== seeking.turn) return;
    if (performance.now() - told > 400 && seeking.page < blocks.length) {
      more(seeking.found.size > before);
      before = seeking.found.size;
      told = performance.now();
    }
  }
  if (turn === seeking.turn) more(true);
}

/** Looks through all that the tiles of a page say. */
function lookThrough(block, turn = seeking.turn) {
  if (turn !== seeking.turn) return;
  seeking.page += 1;
  const {rows} = block;
  if (!rows) return;
  const hits = bits(rows.words.map(folded));
  if (!hits.some(Boolean)) return;
  const searched = rows.fields.flatMap((name, at) => (UNSEARCHED.includes(name) ? [] : [at]));
  for (const tile of block.tiles) {
    let found = indexBits(tile);
    for (const place of placesOf(tile)) for (const at of searched) {
      for (const one of [rows.cards[place][at]].flat(2)) found |= hits[one];
    }
    if (found === every()) seeking.found.add(tile.index);
  }
}
