// The whole verify desk takes what is dropped or pasted: a file goes where files go, a code or a link into the field for
// it, the text of a credential where texts go. Without this the file field, the code field and the text field do.
"use strict";

const fileField = document.querySelector(".desk-place input[type=file]");
const codeField = document.querySelector(".desk-code [data-code]");
const pasteForm = document.querySelector("[data-paste]");

const handOverFiles = (files) => {
  const several = files.length > 1;
  const problem = document.querySelector("[data-scan-problem]");
  problem.textContent = document.querySelector("[data-scanner]").dataset.saidOne;
  problem.hidden = !several;
  if (several) return;
  const chosen = new DataTransfer();
  chosen.items.add(files[0]);
  fileField.files = chosen.files;
  fileField.dispatchEvent(new Event("change", { bubbles: true })); // which submits it
};

const handOverText = (text) => {
  const trimmed = text.trim();
  if (!trimmed) return;
  if (/^[{[<]|^ey[\w-]+\.[\w-]+\./.test(trimmed)) {
    pasteForm.elements.text.value = trimmed;
    return pasteForm.requestSubmit();
  }
  codeField.value = trimmed.slice(0, codeField.maxLength);
  codeField.focus();
  codeField.dispatchEvent(new Event("input", { bubbles: true }));
  codeField.dispatchEvent(new Event("change", { bubbles: true }));
};

const isText = (element) => element.matches?.("textarea, input:not([type=file])");

document.addEventListener("paste", (event) => {
  const { files } = event.clipboardData;
  if (files.length) handOverFiles(files);
  else if (isText(event.target)) return;
  else handOverText(event.clipboardData.getData("text/plain"));
  event.preventDefault();
});

const place = document.querySelector(".desk-place .drop");
let leaving = 0;

document.addEventListener("dragover", (event) => {
  if (isText(event.target)) return;
  event.preventDefault();
  clearTimeout(leaving);
  place.classList.add("is-over");
  leaving = setTimeout(() => place.classList.remove("is-over"), 200);
});

document.addEventListener("drop", (event) => {
  const { files } = event.dataTransfer;
  if (!files.length && isText(event.target)) return;
  event.preventDefault();
  if (files.length) handOverFiles(files);
  else handOverText(event.dataTransfer.getData("text/uri-list") || event.dataTransfer.getData("text/plain"));
});
