// Is it a credential of Open Badges 3.0, or a status list, and do its words mean what the standard says?

import { failed, passed, unknown } from "./checks.js";
import { isObject, isText } from "./documents.js";
import { proofsOf, tooMany } from "./proofs.js";

const CREDENTIALS = "https://www.w3.org/ns/credentials/v2";
const OPEN_BADGES = [3, 2].map((patch) => `https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.${patch}.json`);
const EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
// Every `@context` that is accepted, whole and in order: whoever chooses the contexts chooses what the words mean.
const OF_CREDENTIALS = OPEN_BADGES.flatMap((badges) => [
  [CREDENTIALS, badges],
  [CREDENTIALS, badges, EXTENSIONS],
]);
const OF_LISTS = [[CREDENTIALS], ...OF_CREDENTIALS];
const OTHERS = [
  "https://www.w3.org/2018/credentials/v1",
  "https://w3id.org/openbadges/v2",
  "https://w3id.org/openbadges/v1",
];

export const LIST_TYPE = "BitstringStatusListCredential";

const typesOf = (value) => (isObject(value) ? [value.type].flat() : []);
const isOf = (value, ...types) => types.some((type) => typesOf(value).includes(type));
export const issuerOf = (document) => {
  const id = isObject(document.issuer) ? document.issuer.id : document.issuer;
  return isText(id) ? id : null;
};
export const isList = (document) => isOf(document, LIST_TYPE);

// Whether it follows a standard that this page does not read, though it may be perfectly in order.
export const isOtherStandard = (document) => [document["@context"]].flat().some((context) => OTHERS.includes(context));

export const terms = (document) => defined(document, OF_CREDENTIALS);
export const listTerms = (document) => defined(document, OF_LISTS);

function defined(document, sequences) {
  const contexts = JSON.stringify(document["@context"] ?? null);
  const isKnown = sequences.some((sequence) => JSON.stringify(sequence) === contexts);
  return isKnown ? passed("terms", "terms.covered") : failed("terms", "terms.contexts", {}, "", "malformed");
}

export const structure = (document) =>
  built(
    document,
    isOf(document, "OpenBadgeCredential", "AchievementCredential") && !isList(document),
    problemOfCredential,
  );

export const listStructure = (document) => built(document, isList(document), problemOfList);

function built(document, isOfTheClass, problemOf) {
  const proofs = proofsOf(document);
  const parameters = { count: String(proofs.length), limit: "16" };
  const not = (message, detail = "") => failed("structure", message, parameters, detail, "malformed");
  if (!isOfTheClass) return not("structure.other-class");
  if (!proofs.length) return not("structure.unsigned");
  if (tooMany(proofs)) return not("structure.too-many-proofs");
  const problem = problemOf(document);
  return problem ? not("structure.failed", problem) : passed("structure", "structure.passed");
}

export const tooOld = () => unknown("structure", "structure.other-standard");

function problemOfBoth(document) {
  if (!isOf(document, "VerifiableCredential")) return "/type lacks VerifiableCredential";
  if (!isText(document.id)) return "/id must be text";
  return issuerOf(document) ? null : "/issuer must have an id";
}

function problemOfCredential(document) {
  const subject = document.credentialSubject;
  const problem = problemOfBoth(document);
  if (problem) return problem;
  if (!Array.isArray(document.type)) return "/type must be a list";
  if (!Array.isArray(document.proof)) return "/proof must be a list";
  if (!isText(document.validFrom)) return "/validFrom must be a moment";
  if (!isObject(subject)) return "/credentialSubject must be one object";
  if (!isOf(subject, "AchievementSubject")) return "/credentialSubject/type lacks AchievementSubject";
  if (!subject.id && !(Array.isArray(subject.identifier) && subject.identifier.length)) {
    return "/credentialSubject must have an id or an identifier";
  }
  if (!isObject(subject.achievement)) return "/credentialSubject/achievement must be one object";
  if (!isOf(subject.achievement, "Achievement")) return "/credentialSubject/achievement/type lacks Achievement";
  return ["id", "name", "description"].find((name) => !isText(subject.achievement[name]))
    ? "/credentialSubject/achievement must have an id, a name and a description"
    : null;
}

function problemOfList(document) {
  return (
    problemOfBoth(document) ?? (isObject(document.credentialSubject) ? null : "/credentialSubject must be one object")
  );
}
