// The page: takes files, gets what is missing where it may, judges, and shows the same in every language that it has.

import { hex, sha256 } from "./encodings.js";
import { fetchDocument } from "./fetching.js";
import { LARGEST_FILE, take } from "./files.js";
import { judge, needs, nothingKnown } from "./judging.js";
import { canVerify } from "./proofs.js";
import { drawn, spoken } from "./showing.js";

const roots = () => [...document.querySelectorAll("[data-alone]")];

// `words`: by language, everything that is said.
export function start(words) {
  const state = {
    offline: document.querySelector("[data-alone-offline]") !== null,
    materials: nothingKnown(),
    sources: new Map(),
    problems: [],
    certificate: null,
    report: null,
  };
  let waiting = Promise.resolve();
  const show = () => {
    for (const root of roots()) {
      root.querySelector("[data-alone-result]").replaceChildren(...drawn(state, words[root.lang]));
      root.querySelector("[data-alone-said]").textContent = spoken(state, words[root.lang]);
    }
  };
  // One after the other: what was handed over last is what stands there at the end.
  const handOver = (files) => {
    waiting = waiting
      .then(() => takeIn(files, state, show))
      .catch((problem) => {
        state.problems.push({ name: "", code: "unexpected", detail: String(problem) });
        state.certificate = state.report = null;
        show();
      });
  };
  for (const root of roots()) {
    const field = root.querySelector("input[type=file]");
    const drop = root.querySelector(".drop");
    field.addEventListener("change", () => {
      handOver([...field.files]);
      field.value = "";
    });
    for (const [name, isOver] of [
      ["dragenter", true],
      ["dragover", true],
      ["dragleave", false],
      ["drop", false],
    ]) {
      drop.addEventListener(name, () => drop.classList.toggle("is-over", isOver));
    }
  }
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) handOver([...event.clipboardData.files]);
  });
  startLanguages(words);
  canVerify().then((can) => {
    if (!can) for (const root of roots()) root.querySelector("[data-alone-cannot]").hidden = false;
  });
  document.documentElement.dataset.aloneReady = "";
}

async function takeIn(files, state, show) {
  state.problems = [];
  const certificates = [];
  for (const file of files) {
    try {
      // What is too large is not even read.
      const bytes = new Uint8Array(await file.slice(0, LARGEST_FILE + 1).arrayBuffer());
      const found = await take(bytes);
      if (found.sort === "credential") {
        certificates.push({ name: file.name, size: file.size, bytes: found.bytes, hash: hex(await sha256(bytes)) });
      } else keep(found, file.name, state);
    } catch (problem) {
      if (!problem.code) throw problem;
      state.problems.push({ name: file.name, code: problem.code, detail: problem.detail });
    }
  }
  if (certificates.length > 1) {
    const name = certificates.map((each) => each.name).join(", ");
    state.problems.push({ name, code: "many", detail: "" });
  }
  if (certificates.length) forgetFetched(state);
  // Nothing handed over anew, or refused, may stand under the verdict on another file.
  if (certificates.length || state.problems.length) {
    state.certificate = certificates.length === 1 ? certificates[0] : null;
    state.report = null;
  }
  if (state.certificate) {
    state.report = await judge(state.certificate.bytes, state.materials, Date.now());
    if (!state.offline && state.report.document && (await fetchMissing(state, show))) {
      state.report = await judge(state.certificate.bytes, state.materials, Date.now());
    }
  }
  show();
  const shown = roots()
    .find((root) => !root.hidden)
    ?.querySelector("[data-alone-result]");
  if (shown?.childElementCount) shown.scrollIntoView({ block: "nearest" });
}

// Keys or a list that somebody handed over.
function keep({ sort, document: found }, name, { materials, sources }) {
  if (typeof found.id !== "string") {
    throw Object.assign(new Error("no id"), { code: "unknown-json", detail: "it has no id" });
  }
  (sort === "keys" ? materials.documents : materials.lists).set(found.id, found);
  materials.fetched.delete(found.id);
  materials.failures.delete(found.id);
  sources.set(found.id, { how: "file", name });
}

// What was fetched for one certificate is fetched anew for the next: it may have changed.
function forgetFetched({ materials, sources }) {
  for (const [key, { how }] of sources) {
    if (how === "file") continue;
    materials.documents.delete(key);
    materials.lists.delete(key);
    materials.fetched.delete(key);
    materials.failures.delete(key);
    sources.delete(key);
  }
}

// Whether anything was fetched, or tried.
async function fetchMissing({ materials, sources, report }, show) {
  const { issuer, keys, list } = needs(report.document);
  const isProper = report.checks.every(({ leadsTo }) => leadsTo !== "malformed");
  const wanted = [];
  if (isProper && keys && !sources.has(issuer)) wanted.push([issuer, keys, materials.documents]);
  if (isProper && list && !sources.has(list)) wanted.push([list, list, materials.lists]);
  if (!wanted.length) return false;
  show();
  await Promise.all(
    wanted.map(async ([key, address, place]) => {
      try {
        place.set(key, await fetchDocument(address));
        materials.fetched.add(key);
        sources.set(key, { how: "fetched" });
      } catch (problem) {
        materials.failures.set(key, `${address}: ${problem.message}`);
        sources.set(key, { how: "missing", code: problem.code ?? "unreachable" });
      }
    }),
  );
  return true;
}

// In the single file all languages are there, and one of them is shown; on a site the site's own switch is used.
function startLanguages(words) {
  const buttons = [...document.querySelectorAll("[data-alone-language]")];
  if (!buttons.length) return;
  const choose = (language) => {
    document.documentElement.lang = language;
    document.title = words[language].says.title;
    const parts = document.querySelectorAll("[data-alone], [data-alone-foot]");
    for (const part of parts) part.hidden = part.lang !== language;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.lang === language));
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button.lang));
  const wanted = navigator.languages.map((language) => language.split("-")[0]).find((language) => language in words);
  choose(wanted ?? Object.keys(words)[0]);
}
