/**
 * Signing in, until the console has a page for it: what a browser has to do, and nothing else. No library, no state.
 * An invitation is typed in, or stands behind the # of the address, which no browser sends to anybody.
 */

const part = (id) => document.getElementById(id);
const say = (words) => (part("told").textContent = words);

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
  const { publicKey } = await post("/session/registration", { invitation: part("invitation").value });
  const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  await post("/session/registration/made", { response: made.toJSON(), name: part("name").value });
  history.replaceState(null, "", location.pathname);
  part("register").reset();
  part("invited").hidden = true;
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
part("invitation").value = location.hash.slice(1);
part("invited").open = part("invitation").value !== "";
part("register").addEventListener("submit", telling(register));
part("passkey").addEventListener("click", telling(signIn));
part("identity").addEventListener("click", telling(goToProvider));
