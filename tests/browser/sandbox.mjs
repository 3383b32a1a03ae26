/**
 * Uses the page of a sandbox as a person would, and prints as JSON what the browser saw:
 * CHROMIUM=… PROGRAM=… CLIENT=… node sandbox.mjs URL; PROGRAM is our command line, CLIENT the file of who asks.
 *
 * Nothing but loopback has a name here. --no-sandbox, because the suite may run as root: only our own page is opened.
 */

import { execFileSync } from "node:child_process";
import puppeteer from "puppeteer-core";

const LONGEST = 20_000;
const [url] = process.argv.slice(2);
let token;
const origin = new URL(url).origin;

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
});

const report = {};
try {
  report.used = await using();
  report.provoked = await provoking();
} finally {
  await browser.close();
}
console.log(JSON.stringify(report));

/** Open the page in a tab that writes down all it is told of. */
async function opened() {
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 2400 });
  page.setDefaultTimeout(LONGEST);
  const seen = { requests: [], answers: [], complaints: [] };
  page.on("request", (each) => seen.requests.push({ method: each.method(), url: each.url(), sent: each.postData() ?? null }));
  page.on("pageerror", (problem) => seen.complaints.push(String(problem)));
  page.on("console", (each) => {
    if (["error", "warn", "warning", "assert"].includes(each.type())) seen.complaints.push(each.text());
  });
  page.on("response", async (each) => {
    if (/json/.test(each.headers()["content-type"]) && each.request().method() === "POST") seen.answers.push({ status: each.status(), body: await each.json() });
  });
  await page.evaluateOnNewDocument(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      window.violations.push(`${effectiveDirective} ${blockedURI}`),
    );
  });
  await page.goto(url, { waitUntil: "networkidle0" });
  await page.waitForSelector(".graphiql-query-editor .CodeMirror-line");
  return { page, seen };
}

/** Wait until the answer that is shown holds these words, and return it. */
async function until(page, words) {
  await page.waitForFunction((each) => document.querySelector(".graphiql-response").innerText.includes(each), {}, words);
  return page.$eval(".graphiql-response", (each) => each.innerText);
}

/** Run the command that the page shows, and return the token it prints. */
async function got(page) {
  const shown = await page.waitForFunction(() => document.querySelector("#command").value);
  const [, proof] = (await shown.jsonValue()).split(" --proof ");
  return execFileSync(process.env.PROGRAM, ["token", process.env.CLIENT, "--proof", proof], { encoding: "utf8" }).trim();
}

/** Ask without and with a token, look into everything that opens, and see what is left of it. */
async function using() {
  const { page, seen } = await opened();
  const used = { title: await page.title() };
  await page.click(".graphiql-execute-button");
  used.withoutToken = await until(page, "token");
  used.askedWithoutToken = seen.requests.filter(({ method }) => method === "POST").length;

  token = await got(page);
  await page.type("#token", token);
  await page.click(".graphiql-execute-button");
  used.hit = await until(page, '"edges"');

  await page.click('button[aria-label="Show Documentation Explorer"]');
  await click(page, ".graphiql-doc-explorer a", "Query");
  await page.waitForFunction(() => document.querySelector(".graphiql-doc-explorer").innerText.includes("search"));
  used.described = await page.$eval(".graphiql-doc-explorer", (each) => each.innerText);
  used.opened = [];
  for (const name of ["Show History", "Open settings dialog", "Open short keys dialog"]) {
    await page.click(`button[aria-label="${name}"]`);
    await page.waitForFunction(() => document.activeElement !== document.body);
    if (name.includes("dialog")) {
      await page.waitForSelector("[role=dialog]");
      used.opened.push(await page.$eval("[role=dialog]", (each) => each.innerText.split("\n")[0]));
      if (name.includes("settings")) await click(page, "[role=dialog] button", "Dark");
      await page.keyboard.press("Escape");
      await page.waitForSelector("[role=dialog]", { hidden: true });
    }
  }
  await page.click('button[aria-label="New tab"]');
  await page.click(".graphiql-query-editor .CodeMirror");
  await page.keyboard.type("query Log { logEntries(first: 1) { edges { cur");
  await page.waitForSelector(".CodeMirror-hints");
  await page.keyboard.press("Enter");
  used.completed = await page.$eval(".graphiql-query-editor", (each) => each.innerText);
  await page.waitForFunction(() => document.querySelector(".graphiql-tabs").innerText.includes("Log"));
  await page.click(".graphiql-execute-button");
  used.refused = await until(page, "extensions");

  await page.click('button[aria-label="New tab"]');
  await page.click(".graphiql-query-editor .CodeMirror");
  await page.keyboard.type("subscription Told { watched { profileId");
  await page.waitForFunction(() => document.querySelector(".graphiql-tabs").innerText.includes("Told"));
  await page.click(".graphiql-execute-button");
  used.told = await until(page, '"watched"');
  await page.click(".graphiql-execute-button");
  await page.waitForFunction(() => document.querySelector(".graphiql-execute-button").ariaLabel.startsWith("Execute"));

  used.markup = (await page.content()).includes(token);
  used.kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    cookies: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    address: location.href,
  }));
  used.violations = await page.evaluate(() => window.violations);

  await page.reload({ waitUntil: "networkidle0" });
  await page.waitForSelector(".graphiql-query-editor .CodeMirror-line");
  used.afterReload = { token: await page.$eval("#token", (each) => each.value), asked: await page.$eval(".graphiql-query-editor", (each) => each.innerText) };
  used.violations.push(...(await page.evaluate(() => window.violations)));
  used.elsewhere = seen.requests.filter((each) => new URL(each.url).origin !== origin && !each.url.startsWith("data:"));
  await page.close();
  return { ...used, ...seen };
}

async function click(page, selector, words) {
  for (const each of await page.$$(selector)) {
    if ((await each.evaluate((button) => button.innerText)).trim() === words) return each.click();
  }
  throw new Error(`${selector} ${words}`);
}

/** Try in the page what a hole in it would try; return which rule stopped each. */
async function provoking() {
  const { page } = await opened();
  const ran = await page.evaluate(async () => {
    const ran = [];
    const attempts = {
      "inline script": () => append("script", { textContent: "window.stranger = true" }) && window.stranger,
      "script from elsewhere": () => loaded(append("script", { src: "https://cdn.example/x.js" })),
      "inline style": () => append("style", { textContent: "body { color: rgb(1, 2, 3) }" }) && getComputedStyle(document.body).color === "rgb(1, 2, 3)",
      "text as code": () => {
        setTimeout("window.stranger = true");
        return new Promise((done) => setTimeout(() => done(window.stranger), 50));
      },
      "inline handler": () => append("button", { id: "probe" }).setAttribute("onclick", "window.stranger = true") ?? (document.getElementById("probe").click(), window.stranger),
      "message to elsewhere": () => fetch("https://collector.example/").then(() => true, () => false),
      "picture from elsewhere": () => loaded(append("img", { src: "https://collector.example/x.png" })),
      frame: () => loaded(append("iframe", { src: "https://collector.example/" })),
      worker: () => new Promise((done) => {
        const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"])));
        worker.onmessage = () => done(true);
        worker.onerror = () => done(false);
      }),
      form: () => append("form", { action: "https://collector.example/", method: "post" }).submit(),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      if (await Promise.resolve().then(attempt).catch(() => false)) ran.push(name);
    }
    await new Promise((done) => setTimeout(done, 50));
    return ran;

    function append(tag, properties) {
      return document.body.appendChild(Object.assign(document.createElement(tag), properties));
    }
    function loaded(element) {
      return Promise.race([
        new Promise((done) => { element.onload = () => done(element.tagName !== "IFRAME"); element.onerror = () => done(false); }),
        new Promise((done) => setTimeout(done, 500, false)),
      ]);
    }
  });
  const violations = await page.evaluate(() => window.violations);
  await page.close();
  return { ran, stopped: [...new Set(violations.map((each) => each.split(" ")[0]))].sort() };
}
