/** One question to the API: by POST, with the token, a proof of this page's key, and nothing else of the browser's. */

import { EventSourceParserStream } from "eventsource-parser/stream";

import { proof } from "./holding.js";

const ENDPOINT = "/graphql";
const EVENTS = "text/event-stream";
const UNASKED = { errors: [{ message: "Paste an access token above. The command beside the field prints one that is bound to this page." }] };

/** Return what GraphiQL calls to ask; what is answered is shown as it came, extensions included. */
export function asking(token) {
  return async ({ query, variables, operationName }) => {
    if (!token()) return UNASKED;
    const answer = await fetch(ENDPOINT, {
      method: "POST",
      headers: {
        authorization: `DPoP ${token()}`,
        dpop: await proof(ENDPOINT, token()),
        accept: `application/graphql-response+json, ${EVENTS}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ query, variables, operationName }),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
    });
    return answer.headers.get("content-type").startsWith(EVENTS) ? told(answer) : answer.json();
  };
}

/** Return the results of a subscription one by one. No generator: its return() would wait for the next event. */
function told(answer) {
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
  const ended = { done: true, value: undefined };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for (;;) {
        const { done, value } = await events.read();
        if (done || value.event === "complete") return ended;
        if (value.event === "next") return { done: false, value: JSON.parse(value.data) };
      }
    },
    async return() {
      await events.cancel();
      return ended;
    },
  };
}
