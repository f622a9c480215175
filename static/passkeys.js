// Passkeys: asks the site for its question, hands it to the device, and sends the form with the answer. Without this file the page
// says what to do.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const create = async (options) => {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = keys(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    const { attestationObject, clientDataJSON } = made.response;
    const transports = made.response.getTransports ? made.response.getTransports() : undefined;
    const response = { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports };
    return { id: made.id, rawId: text(made.rawId), type: made.type, extensions: {}, response };
  };

  const get = async (options) => {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = keys(options.allowCredentials);
    const signed = await navigator.credentials.get({ publicKey: options });
    const { authenticatorData, clientDataJSON, signature, userHandle } = signed.response;
    const response = {
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    };
    return { id: signed.id, rawId: text(signed.rawId), type: signed.type, extensions: {}, response };
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const show = (name, on) => form.querySelectorAll(`[data-passkey-${name}]`).forEach((e) => (e.hidden = !on));
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      const name = form.elements.namedItem("name");
      // an empty name is the server's to refuse, before the device is asked
      if (name && !name.value.trim()) return form.submit();
      show("none", false);
      show("unable", !window.PublicKeyCredential);
      if (!window.PublicKeyCredential) return;
      busy = true;
      try {
        const asked = await fetch(form.dataset.question, { method: "POST", body: new URLSearchParams({ form_token: form.elements.namedItem("form_token").value }) });
        if (asked.redirected) return location.assign(asked.url);
        if (!asked.ok) return location.reload();
        const { publicKey } = await asked.json();
        const answer = await (form.dataset.passkey === "create" ? create(publicKey) : get(publicKey));
        form.elements.namedItem("answer").value = JSON.stringify(answer);
        form.submit();
      } catch {
        show("none", true);
      } finally {
        busy = false;
      }
    });
  });
})();
