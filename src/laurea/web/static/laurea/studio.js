// The editors of designs and badges: what is being filled in is drawn while one types, and what is wrong is said beside
// its field. One question at a time goes to the server, always with the newest answers; nothing is stored there.
"use strict";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

class Studio {
  constructor(form) {
    this.form = form;
    this.touched = new Set();
    this.busy = false;
    this.stale = false;
    form.addEventListener("input", (event) => this.heard(event));
    form.addEventListener("change", (event) => this.heard(event));
    form.addEventListener("studio:changed", () => this.soon());
    this.soon();
  }

  heard(event) {
    const field = event.target;
    if (field.dataset.colourFor) return;
    if (field.type === "file") {
      if (event.type === "change") this.upload(field);
      return;
    }
    if (field.name) this.touched.add(field.name);
    this.soon();
  }

  // At once: a colour that is dragged changes sixty times a second, but what comes while a question is on its way waits
  // for the answer, and then only the newest is asked.
  soon() {
    this.since ??= performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 0);
  }

  async ask() {
    this.stale = true;
    if (this.busy) return;
    this.busy = true;
    while (this.stale) {
      this.stale = false;
      const since = this.since;
      this.since = undefined;
      try {
        await this.draw();
        this.form.dataset.took = Math.round(performance.now() - since);
      } catch {
        this.say(this.form.dataset.failed);
      }
    }
    this.busy = false;
  }

  async draw() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const said = new URLSearchParams(body).toString();
    if (said === this.said) {
      this.errors(this.told);
      return;
    }
    const response = await fetch(this.form.dataset.preview, { method: "POST", body });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    if (response.headers.get("Content-Type").startsWith("image/")) {
      const url = URL.createObjectURL(await response.blob());
      this.told = {};
      this.errors({});
      await this.show(url);
    } else {
      const answer = await response.json();
      this.told = answer.errors;
      this.errors(answer.errors);
      if (answer.picture) await this.show(answer.picture);
    }
    this.said = said;
    this.form.dataset.drawn = Number(this.form.dataset.drawn ?? 0) + 1;
  }

  // The new picture takes the old one's place when it is ready to be seen, so that nothing flickers.
  async show(url) {
    const old = this.form.querySelector("[data-preview-picture]");
    const next = old.cloneNode();
    next.src = url;
    await next.decode();
    old.replaceWith(next);
    if (old.src.startsWith("blob:")) URL.revokeObjectURL(old.src);
    for (const other of this.form.querySelectorAll("[data-preview-small]")) other.src = url;
    next.hidden = false;
  }

  say(text) {
    const place = this.form.querySelector("[data-preview-problem]");
    place.textContent = text;
    place.hidden = !text;
  }

  errors(errors) {
    this.say((errors.__all__ ?? []).join(" "));
    for (const list of this.form.querySelectorAll("[data-live-error]")) list.remove();
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden") continue;
      const list = errors[field.name];
      if (!list) this.well(field);
      else if (this.touched.has(field.name)) this.wrong(field, list);
    }
  }

  well(field) {
    if (field.getAttribute("aria-invalid") !== "true") return;
    field.removeAttribute("aria-invalid");
    field.closest(".field")?.querySelector(".field-errors")?.remove();
  }

  wrong(field, list) {
    const place = field.closest(".field");
    if (!place) return;
    place.querySelector(".field-errors")?.remove();
    const shown = document.getElementById("field-error").content.firstElementChild.cloneNode(true);
    shown.id = `${field.id}_error`;
    shown.dataset.liveError = "";
    shown.querySelector("span").textContent = list.join(" ");
    place.append(shown);
    field.setAttribute("aria-invalid", "true");
    const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    field.setAttribute("aria-describedby", [...described.add(shown.id)].join(" "));
  }

  // A picture goes up as soon as it is chosen; the form goes on with its number.
  async upload(input) {
    const [file] = input.files;
    if (!file) return;
    const place = input.closest("[data-picture]");
    const body = new FormData();
    body.append("file", file);
    place.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.form.dataset.pictures, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token() },
      });
      if (!response.ok && response.status !== 422) throw new Error(response.statusText);
      const answer = await response.json();
      if (answer.error) {
        this.wrong(input, [answer.error]);
      } else {
        this.well(input);
        place.querySelector("input[type=hidden]").value = answer.picture;
        place.querySelector("img").src = answer.url;
        place.querySelector("[data-picture-chosen]").hidden = false;
        const remove = place.querySelector("input[type=checkbox]");
        if (remove) remove.checked = false;
        const own = this.form.querySelector(`input[type=radio][value=own][data-own="${place.dataset.picture}"]`);
        if (own) own.checked = true;
        this.soon();
      }
    } catch {
      this.wrong(input, [this.form.dataset.failed]);
    } finally {
      input.value = "";
      place.removeAttribute("aria-busy");
    }
  }
}

// --- Colours: a swatch beside the text, each follows the other ---------------------------------------------------------

const full = (text) =>
  /^#[0-9a-f]{3}$/i.test(text) ? text.replace(/[0-9a-f]/gi, "$&$&") : /^#[0-9a-f]{6}$/i.test(text) ? text : "";

const colours = (swatch) => {
  const text = document.getElementById(swatch.dataset.colourFor);
  const follow = () => {
    swatch.value = full(text.value) || full(text.placeholder) || full(swatch.dataset.open ?? "") || "#888888";
    swatch.classList.toggle("is-open", !text.value);
  };
  text.addEventListener("input", follow);
  swatch.addEventListener("input", () => {
    text.value = swatch.value;
    swatch.classList.remove("is-open");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  swatch.hidden = false;
  follow();
};

// --- Lines that can be added: a template whose __prefix__ is the next number --------------------------------------------

const lines = (place) => {
  const total = place.querySelector('input[name$="-TOTAL_FORMS"]');
  const button = place.querySelector("[data-add-line]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const template = place.querySelector("template");
    const copy = document.createElement("div");
    copy.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const line = copy.firstElementChild;
    template.before(line);
    total.value = Number(total.value) + 1;
    line.querySelector("input:not([type=hidden])").focus();
    if (Number(total.value) >= Number(place.dataset.most)) button.hidden = true;
  });
};

// --- The preview in small or whole ---------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-zoom]") : null;
  if (!button) return;
  const whole = button.dataset.zoom === "in";
  button.closest("[data-stage]").classList.toggle("is-near", whole);
  for (const other of button.parentElement.querySelectorAll("[data-zoom]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});

document.addEventListener("DOMContentLoaded", () => {
  for (const swatch of document.querySelectorAll("[data-colour-for]")) colours(swatch);
  for (const place of document.querySelectorAll("[data-lines]")) lines(place);
  for (const zoom of document.querySelectorAll("[data-zooms]")) zoom.hidden = false;
  for (const form of document.querySelectorAll("form[data-preview]")) new Studio(form);
  // What is wrong is never folded away.
  for (const wrong of document.querySelectorAll('[aria-invalid="true"], .field-errors')) {
    for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
});
