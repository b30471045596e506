// Small conveniences of the pages of a list. Everything works without them.
"use strict";

// --- Uploading: the sample is that of the achievement which is chosen -------------------------------------------------

document.addEventListener("change", (event) => {
  const link = document.querySelector("[data-sample]");
  if (!link || event.target.name !== "achievement") return;
  link.href = link.dataset.sample.replace("/0.csv", `/${event.target.value}.csv`);
  link.parentElement.hidden = !event.target.value;
});

// --- Reviewing: Escape leaves a cell as it was; Enter is the form's own -----------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !(event.target instanceof Element)) return;
  const cancel = event.target.closest(".batch-edit")?.querySelector("[data-cancels]");
  if (!cancel) return;
  event.preventDefault();
  cancel.click();
});
