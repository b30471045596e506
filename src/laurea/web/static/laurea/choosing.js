// Ticking rows of a list: how many, all on the page, all that match. Without this program every box works by itself.
"use strict";

const boxes = (form) => [...form.querySelectorAll('tbody input[type="checkbox"]')];

const recount = (form) => {
  const rows = boxes(form);
  const chosen = rows.filter((box) => box.checked).length;
  const all = form.querySelector("[data-choosing-all]");
  const page = form.querySelector("[data-choosing-page]");
  const count = form.querySelector("[data-choosing-count]");
  page.checked = chosen > 0 && chosen === rows.length;
  page.indeterminate = chosen > 0 && chosen < rows.length;
  const words = chosen === 1 ? count.dataset.one : count.dataset.many.replace("{count}", chosen.toLocaleString());
  count.textContent = all.checked || !chosen ? "" : words;
  form.querySelector("[data-choosing-bar]").classList.toggle("is-empty", !chosen && !all.checked);
};

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-choosing]");
  if (!form) return;
  if (event.target.matches("[data-choosing-page]")) for (const box of boxes(form)) box.checked = event.target.checked;
  recount(form);
});

const begin = () => document.querySelectorAll("[data-choosing]").forEach(recount);
document.addEventListener("htmx:afterSettle", begin);
document.addEventListener("DOMContentLoaded", begin);
