// Helps with the forms of accounts: how good a password is, a short name from a name, the look of a new organisation.
// Everything is checked again where it counts, on the server.
"use strict";

// --- Passwords --------------------------------------------------------------------------------------------------------

const LEAST = 12;
const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm"];

const simple = (password) => {
  let rest = password.replace(/(.{1,6})\1{2,}/g, "$1");
  for (const run of RUNS) {
    for (const row of [run, [...run].reverse().join("")]) {
      for (let size = row.length; size > 5; size -= 1) {
        for (let start = 0; start + size <= row.length; start += 1) {
          rest = rest.replaceAll(row.slice(start, start + size), row[start]);
        }
      }
    }
  }
  return new Set(password).size < 5 || rest.length < password.length / 2;
};

const own = (field) => {
  const known = [...field.form.querySelectorAll("[autocomplete=name], [autocomplete=username]")].map((other) => other.value);
  return known
    .flatMap((value) => value.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length > 3);
};

const judged = (field, words) => {
  const password = field.value.toLowerCase();
  if (password.length < LEAST) return [1, words.short.replace("#", String(LEAST - password.length))];
  if (/^\d+$/.test(password)) return [1, words.digits];
  if (simple(password)) return [1, words.simple];
  const rest = own(field).reduce((left, part) => left.replaceAll(part, ""), password);
  if (rest.length < password.length / 2) return [1, words.yours];
  return password.length >= 18 && new Set(password).size >= 9 ? [3, words.strong] : [2, words.good];
};

const strength = (field, words) => {
  const line = document.createElement("p");
  line.className = "strength";
  line.id = `${field.id}-strength`;
  line.setAttribute("aria-live", "polite");
  const meter = Object.assign(document.createElement("meter"), { min: 0, max: 3, low: 1.5, high: 2.5, optimum: 3 });
  meter.setAttribute("aria-hidden", "true");
  const said = document.createElement("span");
  line.append(meter, said);
  const place = document.createElement("div");
  place.className = "strength-field";
  field.before(place);
  const show = Object.assign(document.createElement("button"), { type: "button", className: "strength-show" });
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = drawing.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  show.append(drawing);
  const label = () => {
    const hidden = field.type === "password";
    use.setAttribute("href", `${words.icons}#${hidden ? "eye" : "eye-off"}`);
    show.setAttribute("aria-label", hidden ? words.show : words.hide);
    show.setAttribute("aria-pressed", String(!hidden));
    show.title = hidden ? words.show : words.hide;
  };
  show.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    label();
  });
  label();
  place.append(field, show);
  place.after(line);
  const update = () => {
    const [level, text] = field.value ? judged(field, words) : [0, ""];
    meter.value = level;
    said.textContent = text;
    line.dataset.level = String(level);
  };
  field.form.addEventListener("input", update);
  update();
};

// --- A short name from a name -------------------------------------------------------------------------------------------

const FOLDED = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "o", å: "a", œ: "oe", ł: "l", đ: "d" };
const FORMS = /-(gmbh|ag|se|kg|ltd|limited|inc|llc|plc|bv|sa|srl|oy|ab|as|e-v|ev)(-co-kg)?$/;

const short = (name) =>
  name
    .toLowerCase()
    .replace(/[äöüßæøåœłđ]/g, (letter) => FOLDED[letter])
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .replace(FORMS, "")
    .slice(0, 60);

const suggestSlug = (field) => {
  const name = document.getElementById(field.dataset.slugOf);
  let ours = !field.value;
  name.addEventListener("input", () => {
    if (!ours) return;
    field.value = short(name.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", (event) => {
    if (event.isTrusted) ours = !field.value;
  });
};

const showAddress = (note) => {
  const field = document.getElementById(note.dataset.addressOf);
  const update = () => {
    note.hidden = !field.value;
    note.textContent = note.dataset.before + field.value;
  };
  field.addEventListener("input", update);
  update();
};

// --- The look that is being chosen --------------------------------------------------------------------------------------

const preview = (place) => {
  const form = place.closest("form");
  const picture = place.querySelector("img");
  const name = form.elements.name;
  const update = () => {
    for (const which of ["primary", "secondary"]) {
      const value = form.elements[`${which}_colour`]?.value;
      if (value && (which === "primary" || form.elements.second?.checked)) place.style.setProperty(`--look-${which}`, value);
      else place.style.removeProperty(`--look-${which}`);
    }
    if (name) place.querySelector("[data-look-name]").textContent = picture.hidden ? name.value : "";
  };
  form.addEventListener("input", update);
  form.elements.logo?.addEventListener("change", () => {
    const [file] = form.elements.logo.files;
    if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
    if (file) picture.src = URL.createObjectURL(file);
    picture.hidden = !file;
    update();
  });
  update();
};

document.addEventListener("DOMContentLoaded", () => {
  const part = document.querySelector(".parts [aria-current]");
  if (part) part.parentElement.scrollLeft = part.offsetLeft - part.parentElement.offsetLeft - 16;
  const words = document.querySelector("[data-strength-words]");
  if (words) for (const field of document.querySelectorAll("[data-strength]")) strength(field, words.dataset);
  for (const field of document.querySelectorAll("[data-slug-of]")) suggestSlug(field);
  for (const note of document.querySelectorAll("[data-address-of]")) showAddress(note);
  for (const place of document.querySelectorAll("[data-look-preview]")) preview(place);
  for (const place of document.querySelectorAll("[data-shown-by]")) {
    const box = document.getElementById(place.dataset.shownBy);
    const update = () => {
      place.hidden = !box.checked;
    };
    box.addEventListener("change", update);
    update();
  }
  // Where the installation says nothing, the browser knows in which time zone it is.
  for (const field of document.querySelectorAll("[data-own-zone]")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (field.value === "UTC" && [...field.options].some((option) => option.value === zone)) field.value = zone;
  }
});
