// What pages for everybody can do beyond links and forms: group a code while it is typed and say whether it can be right,
// show the certificate large, hand a chosen file over at once, share with an app. Without it everything works as well.
"use strict";

// --- Codes: Crockford's base 32; the sixteen values are the coefficients of a polynomial over GF(32) that is zero at x --

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const READ = { O: "0", I: "1", L: "1" };
const LENGTH = 16;

const doubled = (value) => (value << 1) ^ (value & 16 ? 37 : 0);
const isRight = (code) => [...code].reduce((sum, letter) => doubled(sum) ^ ALPHABET.indexOf(letter), 0) === 0;
const grouped = (code) => code.match(/.{1,4}/g)?.join("-") ?? "";

const tell = (field, said, manner) => {
  const place = document.getElementById("code-said");
  place.textContent = said;
  place.className = `code-said ${manner}`;
  if (manner !== "is-wrong") field.removeAttribute("aria-invalid");
};

const linked = (field, said) => {
  try {
    const { host } = new URL(field.value.includes("://") ? field.value : `https://${field.value}`);
    return host.includes(".") && host !== location.host && said.saidLink ? `${said.saidLink} ${host}` : "";
  } catch {
    return "";
  }
};

const judge = (field, { whole }) => {
  const said = field.dataset;
  const typed = field.value.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  const strange = [...typed].find((letter) => !ALPHABET.includes(READ[letter] ?? letter));
  const code = [...typed].map((letter) => READ[letter] ?? letter).join("");
  if (field.value.includes("/")) return tell(field, linked(field, said), "");
  if (strange) return tell(field, `${said.saidLetter} ${strange}`, "is-wrong");
  const atEnd = field.selectionStart === field.value.length;
  if (atEnd && code.length <= LENGTH && field.value !== grouped(code)) field.value = grouped(code);
  if (code.length > LENGTH) return tell(field, said.saidMany, "is-wrong");
  if (code.length === LENGTH) return tell(field, isRight(code) ? said.saidRight : said.saidWrong, isRight(code) ? "is-right" : "is-wrong");
  return tell(field, whole && code ? `${said.saidMissing} ${LENGTH - code.length}` : "", whole && code ? "is-wrong" : "");
};

document.addEventListener("input", (event) => {
  // While something is deleted, nothing is put back.
  if (event.target.matches?.("[data-code]") && !event.inputType?.startsWith("delete")) judge(event.target, { whole: false });
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-code]")) judge(event.target, { whole: true });
});

// --- The certificate, large -------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-large]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = document.getElementById(link.dataset.large);
  event.preventDefault();
  dialog.querySelector("img").src = link.querySelector("img").src;
  dialog.showModal();
});

// --- A file that was chosen is handed over at once ----------------------------------------------------------------------

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-submits]");
  if (!form || event.target.type !== "file" || !event.target.files.length) return;
  form.classList.add("is-submitting");
  document.body.classList.add("is-waiting");
  form.submit();
});

// --- Sharing with an app of the device ----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-share]");
  if (button) navigator.share({ url: button.dataset.share, title: button.dataset.shareTitle }).catch(() => {});
});

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("[data-submits]")) form.classList.add("submits-itself");
  if (navigator.share) for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;
});

// Back from the answer: the page is shown again as it was left.
addEventListener("pageshow", () => {
  document.body.classList.remove("is-waiting");
  for (const form of document.querySelectorAll("[data-submits]")) form.classList.remove("is-submitting");
});
