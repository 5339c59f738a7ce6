// Passkeys: fetches the question, lets the browser's own dialog answer it, sends the answer and goes on.
(() => {
  "use strict";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const send = (url, data) => fetch(url, {
    method: "POST", body: JSON.stringify(data), credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
  });
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function made(asked) {
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: known(asked.excludeCredentials) };
    const found = await navigator.credentials.create({ publicKey });
    return [found, { attestationObject: text(found.response.attestationObject) }];
  }

  async function proved(asked) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    const { authenticatorData, signature, userHandle } = found.response;
    return [found, { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle && text(userHandle) }];
  }

  document.querySelectorAll("[data-passkey]").forEach((place) => {
    const said = place.querySelector("[data-passkey-error]");
    const button = place.querySelector("button");
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      said.textContent = said.dataset.unable;
      return;
    }
    button.addEventListener("click", async () => {
      said.textContent = "";
      button.disabled = true;
      try {
        const asked = await (await send(place.dataset.passkey, {})).json();
        const [found, response] = await ("new" in place.dataset ? made : proved)(asked);
        response.clientDataJSON = text(found.response.clientDataJSON);
        const name = place.querySelector("[data-passkey-name]")?.value || "";
        const answer = await (await send(place.dataset.answer, { id: found.id, rawId: text(found.rawId), type: found.type, response, name })).json();
        if (answer.next) return location.assign(answer.next);
        said.textContent = answer.error;
      } catch {
        said.textContent = said.dataset.unable;
      }
      button.disabled = false;
    });
  });
})();
