// What was found, in plain words: the verdict, what the credential states, how we know, and what it was judged with.

import { element, filled, sizeInWords, symbol } from "./elements.js";
import { claims, line, needs } from "./judging.js";
import { domainOf } from "./keys.js";
import { dayOf } from "./moments.js";

const MATERIALS = { there: ["good", "circle-check"], missing: ["unsure", "circle-dashed"] };
const OUTCOMES = {
  passed: ["good", "check"],
  failed: ["bad", "x"],
  unknown: ["unsure", "help-circle"],
  "not applicable": ["aside", "minus"],
};

// The result of one file, or of none yet: a list of elements.
export function drawn(state, words) {
  const parts = state.problems.map((problem) => drawnProblem(problem, words));
  if (!state.report) return parts;
  return [drawnVerdict(state, words), ...parts, drawnMaterials(state, words), drawnChecks(state, words)];
}

// What a screen reader says at once: the verdict alone.
export function spoken({ report }, words) {
  return report ? `${words.verdicts[report.verdict].word}. ${sentenceOf(report, claims(report), words)}` : "";
}

function valuesOf({ document }, { issuer, expires }, language) {
  return { issuer, signed: dayOf(document?.validFrom ?? "", language), until: dayOf(expires ?? "", language) };
}

function sentenceOf(report, stated, { language, verdicts }) {
  const { told, sentence } = verdicts[report.verdict];
  return stated.issuer && told ? filled(told, valuesOf(report, stated, language)) : sentence;
}

function drawnVerdict({ report, sources }, words) {
  const stated = claims(report);
  const said = words.verdicts[report.verdict];
  const { language, says } = words;
  const sentence = sentenceOf(report, stated, words);
  const band = element(
    "div",
    { class: `verdict verdict-${said.tone}`, "data-verdict": report.verdict },
    element("span", { class: "verdict-symbol" }, symbol(said.symbol)),
    element(
      "div",
      {},
      element("h2", { class: "verdict-word" }, said.word),
      element("p", { class: "verdict-sentence" }, sentence),
    ),
  );
  const { keys, list } = report.document ? needs(report.document) : {};
  const isHandedOver = report.checks.some(({ message }) => message === "issuer.handed");
  const listed = sources.get(list)?.how === "file" && report.checks.find(({ message }) => message === "status.passed");
  const values = {
    ...valuesOf(report, stated, language),
    address: keys,
    day: listed && dayOf(listed.parameters.list_moment, language),
  };
  const advice = [
    said.advice,
    stated.achievement && isHandedOver && says.handed,
    stated.achievement && listed && says.listed,
  ]
    .filter(Boolean)
    .map((text) => element("p", { class: "alone-advice" }, filled(text, values)));
  return element(
    "div",
    { class: "act alone-act" },
    band,
    stated.achievement ? drawnClaims(stated, advice, words) : drawnNothing(advice, says),
  );
}

function drawnNothing(advice, says) {
  const text = element("div", { class: "hero-text" }, element("p", {}, says.nothing), advice);
  return element("div", { class: "hero hero-plain" }, text);
}

function drawnClaims(stated, advice, { language, says, kinds }) {
  const awarded = filled(says.awarded, { issuer: stated.issuer, day: dayOf(stated.awarded, language) });
  const text = element(
    "div",
    { class: "hero-text" },
    element("p", { class: "hero-kind" }, kinds[stated.kind] ?? kinds.Achievement),
    element("p", { class: "hero-holder" }, element("bdi", {}, stated.holder || says.nameless)),
    element("p", { class: "hero-achievement" }, element("bdi", {}, stated.achievement)),
    element("p", { class: "hero-days" }, awarded),
    element("p", { class: "alone-compare" }, symbol("eye-check"), element("span", {}, says.compare)),
    drawnIssuer(stated.issuerId, says),
    advice,
  );
  return element("div", { class: "hero hero-plain" }, text);
}

// A name is what an issuer gives itself; what it is known by is its domain.
function drawnIssuer(identifier, says) {
  const domain = domainOf(identifier);
  if (domain)
    return element(
      "p",
      { class: "alone-compare" },
      symbol("world"),
      element("span", {}, filled(says.domain, { domain })),
    );
  const text = element("span", {}, `${says.identifier} `, element("code", { class: "did" }, identifier));
  return element("p", { class: "alone-compare" }, symbol("key"), text);
}

function drawnChecks({ report }, words) {
  const items = report.checks.map((check) => element("li", {}, drawnCheck(check, words)));
  return element(
    "section",
    { class: "know" },
    element("h2", {}, words.says.how),
    element("p", { class: "quiet" }, words.says.questions),
    element("ul", { class: "checks" }, items),
  );
}

function drawnCheck(check, { language, says, titles, sentences, outcomes }) {
  const entries = Object.entries(check.parameters);
  const values = Object.fromEntries(
    entries.map(([name, value]) => [name, name.endsWith("_moment") ? dayOf(value, language) : line(value, 200)]),
  );
  const isSignature = check.id.startsWith("proof.");
  const title = filled(titles[isSignature ? "proof" : check.id], values);
  const sentence = filled(sentences[check.message], values);
  const [tone, icon] = OUTCOMES[check.outcome];
  const isPassed = check.outcome === "passed";
  const passedTitle = isSignature ? filled(says.right, { title }) : title;
  const [short, long] = isPassed ? [passedTitle, sentence] : [sentence, filled(says.question, { question: title })];
  const detail = check.detail
    ? element("p", { class: "check-detail" }, element("code", {}, line(check.detail, 2000)))
    : null;
  return element(
    "details",
    { class: `check check-${tone}` },
    element(
      "summary",
      {},
      symbol(icon, outcomes[check.outcome]),
      element("span", {}, short),
      symbol("chevron-down", "", "check-more"),
    ),
    element(
      "div",
      { class: "check-body" },
      element("p", {}, long),
      detail,
      element("p", { class: "check-id" }, `${says.check} `, element("code", {}, check.id)),
    ),
  );
}

function drawnMaterials(state, words) {
  const { says } = words;
  const needed = state.report.document ? needs(state.report.document) : {};
  const items = [drawnFile(state.certificate, words)];
  if (needed.issuer && !needed.issuer.startsWith("did:key:")) {
    items.push(drawnMaterial(says.keys, needed.issuer, needed.keys, state, words));
  }
  if (needed.list) items.push(drawnMaterial(says.list, needed.list, needed.list, state, words));
  return element(
    "section",
    { class: "know" },
    element("h2", {}, says.materials),
    element("ul", { class: "alone-materials" }, items),
  );
}

function drawnFile({ name, size, hash }, { language, says }) {
  return element(
    "li",
    { class: "is-there" },
    symbol("file-certificate"),
    element(
      "div",
      {},
      element("p", { class: "alone-material" }, says.certificate),
      element("p", {}, element("bdi", {}, line(name)), ` · ${sizeInWords(size, language)}`),
      element("p", { class: "check-id" }, "SHA-256 ", element("code", {}, hash)),
    ),
  );
}

// `source`: {how: "fetched" | "file" | "missing", name, code} of something that the judging takes.
function drawnMaterial(title, key, address, { sources, offline }, { says, failures }) {
  const source = sources.get(key) ?? { how: "missing", code: "" };
  const isThere = source.how !== "missing";
  const link = address && element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
  let said;
  if (source.how === "fetched") said = says.fetched;
  else if (isThere) said = filled(says.from, { name: line(source.name) });
  else if (!address) said = says.nowhere;
  else said = source.code ? `${failures[source.code]} ${says.byHand}` : offline ? says.byHand : says.fetching;
  return element(
    "li",
    { class: isThere ? "is-there" : "is-missing" },
    symbol(MATERIALS[isThere ? "there" : "missing"][1]),
    element(
      "div",
      {},
      element("p", { class: "alone-material" }, title),
      element("p", {}, said),
      link
        ? element("p", { class: "alone-address" }, link)
        : element("p", { class: "check-id" }, element("code", {}, line(key, 1000))),
    ),
  );
}

// A file from which nothing could be learned.
function drawnProblem({ name, code, detail }, { says, refusals }) {
  const [message, hint] = refusals[code] ?? refusals.unexpected;
  return element(
    "div",
    { class: "notice notice-warning", role: "alert" },
    symbol("file-x"),
    element(
      "div",
      {},
      element("p", { class: "notice-title" }, filled(says.refused, { name: line(name, 80) })),
      element("p", {}, message, " ", hint),
      detail ? element("p", { class: "check-id" }, element("code", {}, line(detail, 300))) : null,
    ),
  );
}
