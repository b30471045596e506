// The only two things that are ever fetched: the issuer's keys and its status list, each from the issuer's own address, without
// cookies, and without telling where the question comes from.

import { decodeText, LARGEST_LIST, parseDocument } from "./documents.js";

const MOST_SECONDS = 10;

// The JSON document at an address; throws an Error with a code of the words for why there is none.
export async function fetchDocument(address) {
  let response;
  try {
    response = await fetch(address, {
      cache: "no-cache",
      credentials: "omit",
      headers: { Accept: "application/json" },
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(MOST_SECONDS * 1000),
    });
  } catch (problem) {
    throw Object.assign(new Error(String(problem)), { code: problem.name === "TimeoutError" ? "slow" : "unreachable" });
  }
  if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { code: "refused" });
  try {
    return parseDocument(decodeText(await bodyOf(response), LARGEST_LIST));
  } catch (problem) {
    throw Object.assign(new Error(problem.detail ?? String(problem)), { code: "unreadable" });
  }
}

// The bytes of an answer, and of none that has no end.
async function bodyOf(response) {
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    parts.push(value);
    if (size > LARGEST_LIST) {
      await reader.cancel();
      throw new Error(`it has more than ${LARGEST_LIST} bytes`);
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
