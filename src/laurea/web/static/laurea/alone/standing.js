// Does a properly signed credential still count? Withdrawal (Bitstring Status List 1.0) and period of validity.

import { aside, failed, passed, unknown } from "./checks.js";
import { isObject, isText, shown } from "./documents.js";
import { base64url } from "./encodings.js";
import { readMoment } from "./moments.js";
import { examineProofs } from "./proofs.js";
import { issuerOf, listStructure, listTerms } from "./structure.js";
import { unpack } from "./unpacking.js";

const FEWEST_ENTRIES = 131_072;
const LARGEST_UNPACKED = 16 * 1024 * 1024;
const WITHDRAWN = { revocation: "status.revoked", suspension: "status.suspended" };
const NO_MATTER = ["message", "refresh"];

const cannotTell = (message, detail) => unknown("status", message, {}, detail);

// Where the list lies that `document` names; null where it names none that this page reads.
export function listAddress(document) {
  const entry = document.credentialStatus;
  const address = isObject(entry) ? entry.statusListCredential : null;
  return isHttps(address) && !NO_MATTER.includes(entry.statusPurpose) ? address : null;
}

export async function status(document, materials, now) {
  const given = document.credentialStatus;
  const entries = given === undefined || given === null ? [] : [given].flat();
  if (!entries.length) return aside("status", "status.none");
  const [entry] = entries;
  const kind = isObject(entry) ? [entry.type].flat() : [];
  if (entries.length > 1 || kind.length !== 1 || kind[0] !== "BitstringStatusListEntry") {
    return cannotTell("status.unsupported", `${entries.length} entries, of type ${shown(kind[0])}`);
  }
  const { statusPurpose: purpose, statusListCredential: address, statusListIndex: index } = entry;
  if (!isText(purpose) || !isText(address) || !isText(index) || !/^(?:0|[1-9][0-9]{0,11})$/.test(index)) {
    return cannotTell("status.unreadable", "statusPurpose, statusListIndex or statusListCredential is no text");
  }
  if (NO_MATTER.includes(purpose)) return aside("status", "status.no-matter", { purpose });
  if (!Object.hasOwn(WITHDRAWN, purpose) || (entry.statusSize ?? 1) !== 1) {
    return cannotTell(
      "status.unsupported",
      `purpose ${purpose}, size ${entry.statusSize === undefined ? 1 : "unclear"}`,
    );
  }
  const list = isHttps(address) ? materials.lists.get(address) : null;
  if (!list) return cannotTell("status.unavailable", materials.failures.get(address) ?? `${address} is not at hand`);
  const refusal = await refusalOf(list, address, issuerOf(document), materials, now);
  if (refusal) return cannotTell(refusal.message, `${address}: ${refusal.detail}`);
  const bits = await bitsOf(list, purpose);
  const place = Number(index);
  if (isText(bits)) return cannotTell("status.unreadable", `${address}: ${bits}`);
  if (place >= bits.length * 8) return cannotTell("status.unreadable", `entry ${index} is outside ${address}`);
  const detail = `entry ${index} of ${address}`;
  if (bits[place >> 3] & (0x80 >> (place & 7))) return failed("status", WITHDRAWN[purpose], {}, detail, "revoked");
  return passed("status", "status.passed", { list_moment: list.validFrom }, detail);
}

// Why the list is not to be believed: it must be its issuer's own, properly signed, the one of this address, and of today.
async function refusalOf(list, address, issuer, materials, now) {
  const unverified = (detail) => ({ message: "status.unverified", detail });
  if (issuerOf(list) !== issuer) return unverified(`a list by ${issuerOf(list)}, not by ${issuer}`);
  // Another list of the same issuer, put in this one's place, would hide a revocation.
  if (list.id !== address) return unverified(`it is the list ${shown(list.id)}`);
  const meaning = listTerms(list);
  const checks = [listStructure(list), meaning, ...(await examineProofs(list, materials, now, meaning))];
  const wrong = checks.find(({ outcome, message }) => outcome !== "passed" && message !== "proof.elsewhere");
  if (wrong) return unverified(`${wrong.id}: ${wrong.message}; ${wrong.detail}`);
  if (!checks.some(({ message }) => message === "proof.passed")) {
    return unverified("it has no signature that is checked here");
  }
  return period(list, now).outcome === "passed" ? null : { message: "status.outdated", detail: "not valid today" };
}

// The bits of a list that is properly signed, eight to the byte; or, as text, why there are none.
async function bitsOf(list, purpose) {
  const subject = list.credentialSubject;
  if (![subject.type].flat().includes("BitstringStatusList")) return "it holds no list";
  if (![subject.statusPurpose].flat().includes(purpose)) return `it is not about ${purpose}`;
  const { encodedList: encoded } = subject;
  const packed = isText(encoded) && encoded.startsWith("u") ? base64url(encoded.slice(1)) : null;
  if (!packed) return "its list is not base64url with the prefix u";
  try {
    const bits = await unpack(packed, "gzip", LARGEST_UNPACKED);
    if (!bits) return `its list unpacks to more than ${LARGEST_UNPACKED} bytes`;
    return bits.length * 8 < FEWEST_ENTRIES ? `its list has fewer than ${FEWEST_ENTRIES} entries` : bits;
  } catch (problem) {
    return problem.detail ?? String(problem);
  }
}

// At the very moment of `validUntil` it is over.
export function period(document, now) {
  const { validFrom: from, validUntil: until } = document;
  const [begins, ends] = [readMoment(from), until === undefined ? null : readMoment(until)];
  if (begins === null || (until !== undefined && ends === null)) {
    return unknown("period", "period.unreadable", {}, "validFrom or validUntil is no moment with a time zone");
  }
  const named = until === undefined ? { from_moment: from } : { from_moment: from, until_moment: until };
  const detail = `from ${from}, until ${until ?? "not given"}`;
  if (ends !== null && now >= ends) return failed("period", "period.expired", named, detail, "expired");
  if (now < begins) return failed("period", "period.early", named, detail, "not yet valid");
  return passed("period", ends === null ? "period.endless" : "period.passed", named, detail);
}

export function isHttps(address) {
  if (!isText(address) || address.length > 2048 || !/^https:\/\/[\x21-\x7e]+$/.test(address)) return false;
  try {
    const { username, password, hostname } = new URL(address);
    return !username && !password && hostname !== "";
  } catch {
    return false;
  }
}
