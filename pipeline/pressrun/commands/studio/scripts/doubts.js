"use strict";
// Pictures that were perhaps charged: what asking again would cost, and asking again.

for (const line of document.querySelectorAll("[data-doubt]")) {
  const ask = line.querySelector("[data-quote]"), retry = line.querySelector("[data-retry]"), told = line.querySelector("[data-told]");
  if (!ask) continue;
  const csrf = line.closest("[data-csrf]").dataset.csrf, path = `/doubts/${line.dataset.doubt}`;
  let price = null;
  ask.addEventListener("click", async () => {
    const quoted = await post(`${path}/quote`, {}, csrf).catch(() => null);
    if (!quoted) return;
    price = quoted.price_usd;
    told.textContent = counted("{count} pictures, about {sum}; the job's budget holds, too.", quoted.pictures, {sum: priced(price)});
    retry.textContent = t("Ask again for {sum}, and perhaps pay twice", {sum: priced(price)});
    retry.hidden = price === null;
  });
  retry.addEventListener("click", async () => {
    retry.hidden = true;
    if (!await post(path, {most_usd: price}, csrf).catch(() => null)) return;
    ask.hidden = true;
    told.replaceChildren(t("Started."), " ", element("a", {href: "/"}, t("What goes on, and its bill")));
  });
}
