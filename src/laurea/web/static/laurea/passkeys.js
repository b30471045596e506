// Passkeys: <form data-passkey="login|authenticate|add" data-options="…"> with a hidden field "credential" and a button
// data-passkey-start. What the browser and the device agree on is put into the field, and the form is sent.
"use strict";

const decoded = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};

const encoded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const keys = (list) => (list ?? []).map((key) => ({ ...key, id: decoded(key.id) }));

// What the server says in JSON, as the browser wants it (WebAuthn Level 3, sections 5.4 and 5.5).
const forMaking = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: decoded(publicKey.challenge),
    user: { ...publicKey.user, id: decoded(publicKey.user.id) },
    excludeCredentials: keys(publicKey.excludeCredentials),
  },
});

const forAsking = ({ publicKey }) => ({
  publicKey: { ...publicKey, challenge: decoded(publicKey.challenge), allowCredentials: keys(publicKey.allowCredentials) },
});

// What the browser says, in JSON (section 5.1, RegistrationResponseJSON and AuthenticationResponseJSON).
const asJson = (credential) => {
  const { response } = credential;
  const said = { clientDataJSON: encoded(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = encoded(response.attestationObject);
    said.transports = response.getTransports?.() ?? [];
  } else {
    said.authenticatorData = encoded(response.authenticatorData);
    said.signature = encoded(response.signature);
    said.userHandle = response.userHandle ? encoded(response.userHandle) : null;
  }
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: encoded(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

const acts = {
  async login(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return navigator.credentials.get(forAsking((await answer.json()).request_options));
  },
  async authenticate(form) {
    return navigator.credentials.get(forAsking(JSON.parse(form.dataset.options)));
  },
  async add(form) {
    const options = JSON.parse(form.dataset.options);
    const alone = form.elements.passwordless?.checked ?? false;
    options.publicKey.authenticatorSelection = {
      ...options.publicKey.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    };
    return navigator.credentials.create(forMaking(options));
  },
};

const explain = (form, error) => {
  const place = form.querySelector("[data-passkey-problem]");
  const words = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "twice" };
  place.textContent = place.dataset[words[error.name] ?? "failed"];
  place.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-passkey-start]") : null;
  if (!button) return;
  const { form } = button;
  button.disabled = true;
  form.querySelector("[data-passkey-problem]").hidden = true;
  try {
    form.elements.credential.value = asJson(await acts[form.dataset.passkey](form));
    form.submit();
  } catch (error) {
    explain(form, error);
  } finally {
    button.disabled = false;
  }
});

// Shown only where the browser can do it.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = false;
});
