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

/** Sends a word after those that were said before; `heard` gets the answer. What stood before can be had back. */
function decide(data, said, heard) {
  keeping = keeping.catch(() => {}).then(async () => {
    const answer = await post(`/runs/${encodeURIComponent(data.run)}/decisions`, said, data.csrf);
    if (!said.restore) {
      undoable.push(answer.before);
      if (undoable.length > DEEP) undoable.shift();
    }
    showCounts(answer.counts);
    heard(answer.states);
    return answer;
  });
  return keeping;
}

/** Takes back the last word, which may still be on its way. */
function undo(data, heard) {
  keeping.catch(() => {}).then(() => {
    const before = undoable.pop();
    if (!before) { tell(t("There is nothing to undo.")); return; }
    decide(data, {restore: before}, (states) => { heard(states, before); tell(t("Taken back.")); });
  });
}

function showCounts(counts) {
  for (const one of document.querySelectorAll(".state-count")) one.querySelector("b").textContent = counts[one.dataset.state];
}
