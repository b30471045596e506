// Is each signature right? The proof eddsa-jcs-2022 covers every member of a document, so this one is checked here; the
// other that Laurea's credentials carry says the same in a form that takes a library to read, and is left to such software.

import { aside, failed, passed, unknown } from "./checks.js";
import { isObject, isText, without } from "./documents.js";
import { base58, canonical, sha256, utf8 } from "./encodings.js";
import { findKey } from "./keys.js";
import { readMoment } from "./moments.js";

export const JCS = "eddsa-jcs-2022";
const ELSEWHERE = "eddsa-rdfc-2022";
const MOST_PROOFS = 16;
// Data Integrity 1.0, section 2.1, without what ties a proof to one occasion: a credential has none.
const OPTIONS = [
  "@context",
  "id",
  "type",
  "created",
  "expires",
  "cryptosuite",
  "verificationMethod",
  "proofPurpose",
  "nonce",
  "proofValue",
];
// A chain of proofs, and a proof that counts in one place or at one occasion alone: legal, and left to other software.
const OTHER_USES = ["previousProof", "domain", "challenge"];
const RANK = ["failed", "unknown", "passed"];

export const tooMany = (proofs) => proofs.length > MOST_PROOFS;

export function proofsOf(document) {
  const { proof } = document;
  if (proof === undefined || proof === null) return [];
  return Array.isArray(proof) ? proof : [proof];
}

// One check for each proof, and one for all their keys: the worst that was found. `meaning` is the check of the contexts.
export async function examineProofs(document, materials, now, meaning) {
  const issuer = isObject(document.issuer) ? document.issuer.id : document.issuer;
  const proofs = tooMany(proofsOf(document)) ? [] : proofsOf(document);
  const checks = [];
  const keys = [];
  for (const [index, proof] of proofs.entries()) {
    const finding = findKey(isObject(proof) ? proof.verificationMethod : undefined, issuer, materials, now);
    keys.push(finding.check);
    checks.push(await judgeProof(proof, index + 1, proofs.length, document, finding.key, meaning, now));
  }
  keys.sort((one, other) => RANK.indexOf(one.outcome) - RANK.indexOf(other.outcome));
  return [...checks, keys[0] ?? aside("issuer-key", "issuer-key.no-proof")];
}

async function judgeProof(proof, number, count, document, key, meaning, now) {
  const name = `proof.${number}`;
  const suite = isObject(proof) ? (proof.cryptosuite ?? proof.type) : undefined;
  const label = { number: String(number), count: String(count), suite: isText(suite) ? suite : "?" };
  const malformed = (detail) => failed(name, "proof.malformed", label, detail, "malformed");
  if (!isObject(proof)) return malformed("a proof must be an object");
  const isData = proof.type === "DataIntegrityProof";
  const member = OTHER_USES.find((each) => each in proof);
  if (isData && suite === ELSEWHERE && !member) return aside(name, "proof.elsewhere", label);
  if (!isData || ![JCS, ELSEWHERE].includes(suite)) return unknown(name, "proof.unsupported", label);
  if (member) return unknown(name, "proof.other-use", { ...label, member });
  if (meaning.outcome !== "passed") return unknown(name, "proof.no-meaning", label, "", meaning.leadsTo);
  const problem = problemOf(proof);
  if (problem) return malformed(problem);
  if (!key) return unknown(name, "proof.no-key", label);
  // The standard lets a document have more contexts than its proof: these would be signed by nobody.
  const sameContexts = !("@context" in proof) || canonical(proof["@context"]) === canonical(document["@context"]);
  if (!sameContexts || !(await holds(proof, document, key))) return failed(name, "proof.failed", label, "", "altered");
  if (proof.expires !== undefined && now >= readMoment(proof.expires)) {
    return failed(name, "proof.expired", { ...label, until_moment: proof.expires }, "", "expired");
  }
  return passed(name, "proof.passed", label);
}

function problemOf(proof) {
  const other = Object.keys(proof).find((name) => !OPTIONS.includes(name));
  if (other !== undefined) {
    return `it has the member “${other.slice(0, 60)}”, which does not belong into a credential's proof`;
  }
  if (proof.proofPurpose !== "assertionMethod") return "its purpose is not assertionMethod";
  if (!isText(proof.verificationMethod)) return "it does not say which key signed";
  for (const name of ["created", "expires"]) {
    if (name in proof && readMoment(proof[name]) === null) return `its “${name}” is no moment with a time zone`;
  }
  return signatureOf(proof) ? null : "its proofValue is no base58btc text of 64 bytes";
}

function signatureOf({ proofValue }) {
  const bytes = isText(proofValue) && proofValue.startsWith("z") ? base58(proofValue.slice(1)) : null;
  return bytes?.length === 64 ? bytes : null;
}

// Data Integrity EdDSA Cryptosuites 1.0, section 3.3: the hash of the proof's options, then that of the document.
async function holds(proof, document, key) {
  const signed = new Uint8Array(64);
  signed.set(await sha256(utf8(canonical(without(proof, "proofValue")))), 0);
  signed.set(await sha256(utf8(canonical(without(document, "proof")))), 32);
  const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch((error) => {
    if (error.name === "DataError") return null; // no point of the curve
    throw error;
  });
  return imported !== null && crypto.subtle.verify("Ed25519", imported, signatureOf(proof), signed);
}

// Whether this browser can check such signatures at all.
export async function canVerify() {
  try {
    const key = Uint8Array.from({ length: 32 }, (_, index) => (index ? 0x66 : 0x58)); // the curve's base point
    await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}
