// What every page has: menus that close, dialogs that open, what was said, light and dark, copying, places to drop files.
// Listens at the document, so that what htmx brings later works as well. Everything has a plain form underneath.
"use strict";

const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

// --- Menus: one open at a time; a click elsewhere or Escape closes it -----------------------------------------------

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// --- Dialogs: data-opens="id", data-closes --------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const opener = closest(event, "[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) dialog.showModal();
    for (const menu of openMenus()) menu.open = false;
  }
  if (closest(event, "[data-closes]")) closest(event, "dialog").close();
  if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail) event.target.close();
  }
});

// --- What was said --------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => closest(event, "[data-dismiss]")?.parentElement.remove());

// Good news goes by itself after a while; what went wrong stays.
const fade = (place) => {
  for (const line of place.querySelectorAll(".toast-success, .toast-info")) setTimeout(() => line.remove(), 8000);
};

// --- Light and dark: a cookie, so that the server draws the page right at once ----------------------------------------

document.addEventListener("click", (event) => {
  const button = closest(event, "[data-scheme]");
  if (!button) return;
  event.preventDefault(); // its form does the same without JavaScript
  const scheme = button.dataset.scheme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `laurea_scheme=${scheme}; path=/; max-age=${scheme ? 31536000 : 0}; samesite=lax${secure}`;
  if (scheme) document.documentElement.dataset.bsTheme = scheme;
  else delete document.documentElement.dataset.bsTheme;
  document.querySelector("meta[name=color-scheme]").content = scheme || "light dark";
  for (const other of document.querySelectorAll("[data-scheme]")) {
    other.setAttribute("aria-pressed", String(other.dataset.scheme === scheme));
  }
});

// --- Copying --------------------------------------------------------------------------------------------------------

document.addEventListener("click", async (event) => {
  const button = closest(event, "[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.getAttribute("aria-label");
  button.classList.add("is-copied");
  button.setAttribute("aria-label", button.dataset.copied);
  setTimeout(() => {
    button.classList.remove("is-copied");
    button.setAttribute("aria-label", label);
  }, 2000);
});

// --- Places to drop a file: the field lies over the place and takes the drop itself -----------------------------------

const size = (bytes) => {
  const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
  const number = bytes < 1e6 ? Math.max(1, bytes / 1e3) : bytes / 1e6;
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit,
    maximumFractionDigits: bytes < 1e6 ? 0 : 1,
  }).format(number);
};

const showFiles = (field) => {
  const drop = field.closest("[data-drop]");
  const files = [...field.files];
  const place = drop.querySelector("[data-drop-file]");
  const name = files.length > 1 ? `${place.dataset.several ?? ""} ${files.length}` : files[0]?.name;
  drop.classList.toggle("has-file", files.length > 0);
  place.textContent = files.length ? `${name} · ${size(files.reduce((sum, file) => sum + file.size, 0))}` : "";
};

document.addEventListener("change", (event) => {
  if (closest(event, "[data-drop]") && event.target.type === "file") showFiles(event.target);
});

// Whoever is quick, or far from the server, has chosen a file before this program was here.
for (const field of document.querySelectorAll("[data-drop] input[type=file]")) {
  if (field.files.length) showFiles(field);
}

for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => closest(event, "[data-drop]")?.classList.toggle("is-over", over));
}

// --- When the page is there -----------------------------------------------------------------------------------------

document.addEventListener("DOMContentLoaded", () => {
  const messages = document.getElementById("messages");
  if (messages) {
    fade(messages);
    new MutationObserver(() => fade(messages)).observe(messages, { childList: true });
  }
  document.querySelector("[data-focus]")?.focus();
});
