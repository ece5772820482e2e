"use strict";
// What is wrong in files may be mended in them: the page is asked for again whenever one is saved.

new EventSource("/live/saves").addEventListener("saved", () => location.reload());
