"use strict";
// Decisions: shown at once, kept in the order they were made, ten of them taken back.

const DEEP = 10;
const undoable = [];
let keeping = Promise.resolve();

/** Asks why; null where it was called off. */
function reasonFor(title) {
  const dialog = byId("reason");
  byId("reason-title").textContent = title;
  byId("reason-text").value = "";
  dialog.returnValue = "cancel";
  dialog.showModal();
  byId("reason-text").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? byId("reason-text").value : null), {once: true});
  });
}
byId("reason-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); byId("reason").close("ok"); }
});

function isSure(question) {
  const dialog = byId("sure");
  byId("sure-title").textContent = question;
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), {once: true});
  });
}

const waiting = [];
let sending = null;

/** Says a word, after those that were said before; `heard` gets the answer. What stood before can be had back. */
function decide(data, said, heard) {
  return new Promise((resolve, reject) => {
    waiting.push({data, said, heard, resolve, reject});
    keeping = sending = sending || send();
  });
}

/** Sends what waits; words of one kind that came while another was on its way go together. */
async function send() {
  while (waiting.length) {
    const first = waiting.shift(), together = [first], {data, said} = first;
    const alike = (one) => one && said.tiles && one.said.tiles && one.said.verdict === said.verdict && one.said.reason === said.reason;
    while (alike(waiting[0]) && together.length < 100) together.push(waiting.shift());
    const all = said.tiles ? {...said, tiles: together.flatMap((one) => one.said.tiles)} : said;
    try {
      const answer = await post(`/runs/${encodeURIComponent(data.run)}/decisions`, all, data.csrf);
      for (const one of together) {
        if (!said.restore) undoable.push(said.tiles ? answer.before.filter((before) => one.said.tiles.includes(before.id)) : answer.before);
        while (undoable.length > DEEP) undoable.shift();
        one.heard(answer.states);
        one.resolve(answer);
      }
      showCounts(answer.counts);
    } catch (error) {
      for (const one of together) one.reject(error);
    }
  }
  sending = null;
}

/** Takes back the last word, which may still be on its way. */
function undo(data, heard) {
  keeping.catch(() => {}).then(() => {
    const before = undoable.pop();
    if (!before) { tell(t("There is nothing to undo.")); return; }
    decide(data, {restore: before}, (states) => { heard(states, before); tell(t("Taken back.")); }).catch(() => {});
  });
}

function showCounts(counts) {
  for (const one of document.querySelectorAll(".state-count")) one.querySelector("b").textContent = counts[one.dataset.state];
}
