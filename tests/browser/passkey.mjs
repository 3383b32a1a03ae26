/**
 * Registers a passkey with an invitation and signs in with it, as a person would: CHROMIUM=… INVITATION=… node passkey.mjs URL
 *
 * The authenticator is Chromium's own virtual one (WebDriver's "virtual authenticator"), so both halves of each ceremony
 * are a browser's. Prints as JSON what was seen. --no-sandbox as in sandbox.mjs.
 */

import puppeteer from "puppeteer-core";

const [url] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"],
});

const report = { complaints: [] };
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (problem) => report.complaints.push(String(problem)));
  const session = await page.createCDPSession();
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });

  await page.goto(`${url}/session/enter#${process.env.INVITATION}`, { waitUntil: "networkidle0" });
  await page.type("#name", "blue key");
  await page.click("#register button");
  report.registered = await told(page, "registered");
  report.address = await page.evaluate(() => location.href);
  await page.click("#passkey");
  report.signedIn = await told(page, "You are");
  report.own = await ask(page, "/session");
  report.cookies = (await browser.cookies()).map(({ name, secure, httpOnly, sameSite, path }) => ({ name, secure, httpOnly, sameSite, path }));
  report.readable = await page.evaluate(() => document.cookie);

  await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.reload({ waitUntil: "networkidle0" });
  await page.click("#passkey");
  report.notVerified = await page.waitForFunction(() => document.getElementById("told").textContent).then((each) => each.jsonValue());
} finally {
  await browser.close();
}
console.log(JSON.stringify(report));

async function told(page, words) {
  await page.waitForFunction((each) => document.getElementById("told").textContent.includes(each), {}, words);
  return page.$eval("#told", (each) => each.textContent);
}

function ask(page, path) {
  return page.evaluate(async (each) => (await fetch(each, { headers: { "x-registry-session": "1" } })).json(), path);
}
