// Does the key that signed belong to the issuer? It counts only when the issuer's own document lists it under
// `assertionMethod` and names the issuer as its controller. A key that a credential merely names counts for nothing.

import { base58 } from "./encodings.js";
import { isObject, isText, shown } from "./documents.js";
import { readMoment } from "./moments.js";
import { failed, passed, unknown } from "./checks.js";

const FIELD = 2n ** 255n - 19n;
// Points of small order, in which anybody's signature can be made to hold.
const ORDER_8 = 55188659117513257062467267217118295137698188065244968500265048394206261417927n;
const SMALL_ORDER = new Set([0n, 1n, FIELD - 1n, ORDER_8, FIELD - ORDER_8]);
const LABEL = "(?!-)[a-z0-9-]{1,63}(?<!-)";
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;

// The 32 bytes of an Ed25519 key written as a Multikey; null for other kinds and for keys that nobody can own.
export function keyBytes(multikey) {
  const bytes = isText(multikey) && multikey.startsWith("z") ? base58(multikey.slice(1)) : null;
  if (!bytes || bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01) return null;
  const key = bytes.subarray(2);
  let y = 0n;
  for (let index = 31; index >= 0; index -= 1) y = (y << 8n) | BigInt(index === 31 ? key[index] & 127 : key[index]);
  return y >= FIELD || SMALL_ORDER.has(y) ? null : key;
}

// The https address of a did:web's document; null for what is none.
export function addressOf(did) {
  if (!isText(did) || !did.startsWith("did:web:") || did.length > 1000) return null;
  const [authority, ...segments] = did.slice("did:web:".length).split(":");
  let host;
  try {
    host = decodeURIComponent(authority).toLowerCase();
  } catch {
    return null;
  }
  const [name, port, ...more] = host.split(":");
  if (more.length || (port !== undefined && !(/^[0-9]{1,5}$/.test(port) && port > 0 && port < 65_536))) return null;
  if (name.length > 253 || !HOST.test(name) || /^[0-9]+$/.test(name.split(".").at(-1))) return null;
  if (!segments.every((segment) => SEGMENT.test(segment))) return null;
  const place = segments.length ? segments.join("/") : ".well-known";
  return `https://${host}/${place}/did.json`;
}

// The domain, with its port, behind an issuer's identifier; empty when there is none.
export const domainOf = (issuer) => addressOf(issuer)?.split("/")[2] ?? "";

// {check, key}: the answer about a verification method, and the 32 bytes of the key if it may be used.
export function findKey(method, issuer, materials, now) {
  if (!isText(method)) return { check: unknown("issuer-key", "issuer-key.unnamed", {}, "no verificationMethod") };
  if (!isText(issuer) || !method.includes("#") || method.slice(0, method.indexOf("#")) !== issuer) {
    return foreign(`verification method ${method}, issuer ${shown(issuer)}`);
  }
  if (issuer.startsWith("did:key:")) return selfDescribing(method, issuer);
  const document = materials.documents.get(issuer);
  if (!document) {
    const message = addressOf(issuer) ? "issuer-key.unavailable" : "issuer-key.no-lookup";
    return { check: unknown("issuer-key", message, {}, materials.failures.get(issuer) ?? `no document of ${issuer}`) };
  }
  if (document.id !== issuer) return unusable(`the document is about ${shown(document.id)}`);
  return listed(method, issuer, document, now);
}

function selfDescribing(method, issuer) {
  const multikey = issuer.slice("did:key:".length);
  const key = keyBytes(multikey);
  if (!key) return unusable(`${issuer} is no Ed25519 key`);
  if (method !== `${issuer}#${multikey}`) return foreign(`${method} is not the key of ${issuer}`);
  return { check: passed("issuer-key", "issuer-key.self", {}, method), key };
}

function listed(method, issuer, document, now) {
  const entry = find(document.assertionMethod, method, issuer);
  if (entry === undefined) return onceListed(method, issuer, document, now);
  const described = isObject(entry) ? entry : find(document.verificationMethod, method, issuer);
  if (!isObject(described)) return unusable(`${issuer} lists ${method} and does not describe it`);
  if (!isControlledBy(described, issuer)) return foreign(`${method} is controlled by ${shown(described.controller)}`);
  return usable(described, method, now);
}

// A key that may sign nothing: one that the issuer says it has revoked, or one that was never the issuer's.
function onceListed(method, issuer, document, now) {
  const described = find(document.verificationMethod, method, issuer);
  if (isObject(described) && isControlledBy(described, issuer) && "revoked" in described) {
    const finding = usable(described, method, now);
    if (!finding.key) return finding;
  }
  return { check: failed("issuer-key", "issuer-key.not-listed", {}, `${issuer} does not list ${method}`, "altered") };
}

const isControlledBy = ({ controller }, issuer) =>
  controller === issuer || (Array.isArray(controller) && controller.length === 1 && controller[0] === issuer);

// The key that is described, unless it is of a kind that is not read, or its time is over.
function usable(described, method, now) {
  const ends = [described.expires, described.revoked].filter((end) => end !== undefined && end !== null);
  const over = ends.toSorted((one, other) => readMoment(one) - readMoment(other))[0];
  if (ends.some((end) => readMoment(end) === null)) return unusable(`${method}: expires or revoked is no moment`);
  const key = keyBytes(described.publicKeyMultibase);
  if (!key) return unusable(`${method} is no Ed25519 Multikey`);
  if (over !== undefined && now >= readMoment(over)) {
    const detail = `${method} was expired or revoked at ${over}`;
    return { check: unknown("issuer-key", "issuer-key.withdrawn", { until_moment: over }, detail) };
  }
  return { check: passed("issuer-key", "issuer-key.passed", {}, method), key };
}

// The first value in a list of methods that is, or has, the identifier `method`; relative identifiers are completed.
function find(methods, method, issuer) {
  return (Array.isArray(methods) ? methods : [methods]).find((entry) => {
    const id = isObject(entry) ? entry.id : entry;
    return isText(id) && method === (id.startsWith("#") ? issuer + id : id);
  });
}

const foreign = (detail) => ({ check: failed("issuer-key", "issuer-key.foreign", {}, detail, "altered") });
const unusable = (detail) => ({ check: unknown("issuer-key", "issuer-key.unusable", {}, detail) });
