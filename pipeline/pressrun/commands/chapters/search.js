"use strict";
/* A classic script, so that it works from the disk: entries.js, before it, has what can be found. */
(() => {
  const entries = window.pressrunEntries || [];
  const box = document.querySelector(".search");
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const most = 12;
  const contents = document.querySelector(".contents details");
  const wide = window.matchMedia("(min-width: 900px)");
  const opened = () => { if (contents) contents.open = wide.matches; };
  let chosen = -1;
  let rows = [];

  box.hidden = false;
  opened();
  wide.addEventListener("change", opened);

  const folded = (text) => text.toLowerCase().replaceAll("_", "-");

  /* The higher the better; below 0: not meant. A name that is typed whole comes first, then one that begins so. */
  const score = (entry, words) => {
    const name = folded(entry[0]);
    const last = name.split(/[. ]/).pop();
    const all = name + " " + folded(entry[1] + " " + entry[2] + " " + entry[4]);
    let sum = 0;
    for (const word of words) {
      if (!all.includes(word)) return -1;
      sum += name === word ? 80 : last === word || last === "--" + word ? 60 : last.startsWith(word) ? 40
        : name.includes(word) ? 20 : 1;
    }
    return sum - name.length / 100 - name.split(".").length / 10;
  };

  const find = (text) => {
    const words = folded(text).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    return entries.map((entry) => [score(entry, words), entry]).filter(([sum]) => sum >= 0)
      .sort((a, b) => b[0] - a[0]).slice(0, most).map(([, entry]) => entry);
  };

  const part = (name, className, text) => {
    const node = document.createElement(name);
    node.className = className;
    node.textContent = text;
    return node;
  };

  const choose = (at) => {
    chosen = at;
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) {
      rows[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", rows[at].id);
    } else input.removeAttribute("aria-activedescendant");
  };

  const show = () => {
    const found = find(input.value);
    const asked = input.value.trim() !== "";
    rows = found.map((entry, index) => {
      const row = document.createElement("li");
      row.id = "found-" + index;
      row.setAttribute("role", "option");
      const link = document.createElement("a");
      link.href = entry[3];
      link.tabIndex = -1;
      link.append(part("code", "", entry[0]), part("span", "kind", entry[1] + " · " + entry[2]), part("span", "says", entry[4]));
      row.append(link);
      return row;
    });
    list.replaceChildren(...(rows.length || !asked ? rows : [part("li", "nothing", "Nothing is called that, or says it.")]));
    list.hidden = !asked;
    input.setAttribute("aria-expanded", String(asked));
    choose(rows.length ? 0 : -1);
  };

  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); };

  input.addEventListener("input", show);
  input.addEventListener("focus", () => { if (input.value) show(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (rows.length) choose((chosen + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length);
    } else if (event.key === "Enter" && chosen >= 0) {
      location.href = rows[chosen].firstChild.href;
      close();
    } else if (event.key === "Escape") {
      input.value = "";
      close();
    }
  });
  list.addEventListener("click", close);
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      input.focus();
    }
  });
})();
