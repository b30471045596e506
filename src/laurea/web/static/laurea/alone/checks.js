// Answers to questions: what a report consists of. The identifiers and messages are those of `laurea verify --json`.

// The first verdict, in this order, that a check leads to holds.
export const PRECEDENCE = [
  "malformed",
  "altered",
  "revoked",
  "not yet valid",
  "expired",
  "cannot tell",
  "issuer unknown",
  "genuine",
];

const check = (id, outcome, message, parameters = {}, detail = "", leadsTo = null) => ({
  id,
  outcome,
  message,
  parameters,
  detail,
  leadsTo,
});

export const passed = (id, message, parameters, detail) => check(id, "passed", message, parameters, detail);
export const failed = (id, message, parameters, detail, leadsTo) =>
  check(id, "failed", message, parameters, detail, leadsTo);
export const unknown = (id, message, parameters, detail, leadsTo = "cannot tell") =>
  check(id, "unknown", message, parameters, detail, leadsTo);
export const aside = (id, message, parameters, detail) => check(id, "not applicable", message, parameters, detail);
