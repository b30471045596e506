// One question after the other, in a fixed order, until the report is whole. Nothing here touches a network, a page or a
// clock: what could be found out is handed over, and whatever is not known is never taken for good.

import { failed, passed, PRECEDENCE, unknown } from "./checks.js";
import { decodeText, isObject, isText, LARGEST_LIST, parseDocument } from "./documents.js";
import { addressOf, domainOf } from "./keys.js";
import { examineProofs } from "./proofs.js";
import { Refusal } from "./refusals.js";
import { issuerOf, isList, isOtherStandard, structure, terms, tooOld } from "./structure.js";
import { listAddress, period, status } from "./standing.js";

export const TOKEN = /^\s*ey[\w-]*\.[\w-]*\.[\w-]*\s*$/;

// What is known when nothing is: documents of issuers by identifier, status lists by address, and why others are missing.
export const nothingKnown = () => ({ documents: new Map(), fetched: new Set(), lists: new Map(), failures: new Map() });

// What must be known to judge a credential: the issuer, where its keys are, where its status list is. Null: not needed, or
// not to be had.
export function needs(document) {
  const issuer = issuerOf(document);
  return { issuer, keys: addressOf(issuer), list: listAddress(document) };
}

// What a JSON text is, for somebody who hands over several: "keys", "list" or "credential".
export function sortOf(bytes) {
  const document = parseDocument(decodeText(bytes, LARGEST_LIST));
  if (isText(document.id) && ("assertionMethod" in document || "verificationMethod" in document)) {
    return { sort: "keys", document };
  }
  return { sort: isList(document) ? "list" : "credential", document };
}

// The report about the text of a credential: {verdict, checks, document}. Never throws for what the text holds.
export async function judge(bytes, materials, now) {
  let document;
  try {
    const text = decodeText(bytes);
    if (TOKEN.test(text)) return report([unknown("format", "format.token")]);
    document = parseDocument(text);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return report([failed("format", "format.failed", {}, problem.detail, "malformed")]);
  }
  const format = passed("format", "format.passed");
  if (isOtherStandard(document)) return report([format, tooOld()], document);
  const meaning = terms(document);
  const shape = structure(document);
  const signed = await examineProofs(document, materials, now, meaning);
  const proper = [shape, meaning, ...signed].every(({ leadsTo }) => leadsTo !== "malformed");
  // What is no credential has no status either; and whoever wrote it shall not choose what we unpack.
  const standing = proper ? await status(document, materials, now) : unknown("status", "status.not-looked-up");
  return report(
    [format, shape, meaning, ...signed, knownIssuer(document, materials), standing, period(document, now)],
    document,
  );
}

// Who is the issuer, as far as anything but the document itself says so?
function knownIssuer(document, materials) {
  const issuer = issuerOf(document);
  const domain = domainOf(issuer);
  if (materials.documents.has(issuer)) {
    if (!domain) return passed("issuer", "issuer.vouched", {}, issuer);
    return passed("issuer", materials.fetched.has(issuer) ? "issuer.domain" : "issuer.handed", { domain }, issuer);
  }
  if (domain) return unknown("issuer", "issuer.unavailable", {}, issuer);
  return unknown("issuer", "issuer.unknown", {}, issuer ?? "", "issuer unknown");
}

function report(checks, document = null) {
  const found = checks.map(({ leadsTo }) => leadsTo).filter((verdict) => verdict !== null);
  const isSigned = checks.some(({ message }) => message === "proof.passed");
  if (!isSigned) found.push("cannot tell");
  const verdict = PRECEDENCE.find((name) => found.includes(name)) ?? "genuine";
  // The signature is right and the issuer known; only whether it was withdrawn is open. That is said apart.
  const open = checks.filter(({ leadsTo }) => leadsTo === "cannot tell");
  const isOnlyStatus =
    verdict === "cannot tell" &&
    isSigned &&
    !found.includes("issuer unknown") &&
    open.every(({ id }) => id === "status");
  return { verdict: isOnlyStatus ? "status unknown" : verdict, checks, document };
}

// What the document states, as far as a signature that was found right covers it; else empty.
export function claims({ verdict, checks, document }) {
  const isSigned = checks.some(({ message }) => message === "proof.passed");
  if (!document || !isSigned || verdict === "malformed" || verdict === "altered") return {};
  const subject = isObject(document.credentialSubject) ? document.credentialSubject : {};
  const achievement = isObject(subject.achievement) ? subject.achievement : {};
  const identities = Array.isArray(subject.identifier) ? subject.identifier.filter(isObject) : [];
  const holder = identities.find(({ identityType, hashed }) => identityType === "name" && hashed === false);
  const issuer = isObject(document.issuer) ? document.issuer : {};
  return {
    id: line(document.id),
    holder: line(holder?.identityHash),
    achievement: line(achievement.name),
    description: line(achievement.description, 2_000),
    kind: line(achievement.achievementType) || "Achievement",
    issuer: line(issuer.name) || line(issuerOf(document)),
    issuerId: line(issuerOf(document), 1_000),
    awarded: line(document.awardedDate) || line(document.validFrom),
    expires: line(document.validUntil),
  };
}

// A text in one line, without control or reordering characters and not longer than `longest`.
export function line(value, longest = 300) {
  if (!isText(value)) return "";
  const plain = value.replace(/[\n\r\t]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
