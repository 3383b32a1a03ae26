/**
 * Signing in, until the console has a page for it: what a browser has to do, and nothing else. No library, no state.
 * An invitation stands behind the # of the address, which no browser sends to anybody.
 */

const invitation = location.hash.slice(1);
const say = (words) => (document.getElementById("told").textContent = words);

/** Send JSON, and return JSON or raise what the node says. */
async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-registry-session": "1" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${said.errors[0].message} ${said.errors[0].extensions.remedy ?? ""}`);
  return said;
}

async function register(event) {
  event.preventDefault();
  const { publicKey } = await post("/session/registration", { invitation });
  const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  await post("/session/registration/made", { response: made.toJSON(), name: document.getElementById("name").value });
  history.replaceState(null, "", location.pathname);
  document.getElementById("register").hidden = true;
  say("The passkey is registered. Sign in with it.");
}

async function signIn() {
  const { publicKey } = await post("/session/passkey", {});
  const signed = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  await post("/session/passkey/signed", { response: signed.toJSON() });
  say("You are signed in.");
}

async function goToProvider() {
  location.assign((await post("/session/identity", {})).location);
}

const telling = (step) => (event) => step(event).catch((problem) => say(problem.message));
document.getElementById("register").hidden = !invitation;
document.getElementById("register").addEventListener("submit", telling(register));
document.getElementById("passkey").addEventListener("click", telling(signIn));
document.getElementById("identity").addEventListener("click", telling(goToProvider));
