// What htmx needs to know of us: the token against forged requests, and what to say when an answer does not come.
"use strict";

const told = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = told("csrf-token");
});

// --- Waiting: a thin line at the top, once a request takes longer than a blink ---------------------------------------

let waiting = 0;
const wait = (change) => {
  waiting = Math.max(0, waiting + change);
  document.body.classList.toggle("is-waiting", waiting > 0);
};
document.addEventListener("htmx:beforeRequest", () => wait(1));
document.addEventListener("htmx:afterRequest", () => wait(-1));

// --- Failing: say so, where everything is said -------------------------------------------------------------------------

const say = (text) => {
  const place = document.getElementById("messages");
  if (!place || [...place.children].some((line) => line.textContent.trim() === text)) return;
  const line = document.createElement("div");
  line.className = "toast-line toast-error";
  line.append(Object.assign(document.createElement("p"), { textContent: text }));
  place.append(line);
  setTimeout(() => line.remove(), 12000);
};
document.addEventListener("htmx:responseError", () => say(told("said-failed")));
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => say(told("said-offline")));
