/** The page: the command that gets a token for it, a field for that, and GraphiQL below them. */

import { buildSchema } from "graphql";
import { GraphiQL } from "graphiql";
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

import { asking } from "./asking.js";
import { command } from "./holding.js";
import "graphiql/style.css";
import "./page.css";

const START = "/sandbox/start.json";
const RENEWED = 20_000; // milliseconds; the proof in the command is good for a minute

function Page({ schema, query, variables }) {
  // Uncontrolled: React would copy a value that it controls into the document's markup.
  const field = useRef(null);
  const shown = useRef(null);
  useEffect(() => {
    const show = async () => {
      shown.current.value = await command();
    };
    show();
    const timer = setInterval(show, RENEWED);
    return () => clearInterval(timer);
  }, []);
  const [ask] = useState(() => asking(() => field.current.value.trim()));
  return (
    <>
      <header>
        <strong>Sandbox: invented people only</strong>
        <label htmlFor="command">1. Run this</label>
        <input id="command" ref={shown} readOnly spellCheck={false} onFocus={(event) => event.target.select()} />
        <label htmlFor="token">2. Paste what it prints</label>
        <input id="token" ref={field} type="password" autoComplete="off" spellCheck={false} placeholder="an access token" />
        <span>Good for minutes, and with the key of this tab only, which is gone with it.</span>
      </header>
      <main>
        <GraphiQL
          fetcher={ask}
          schema={schema}
          query={query}
          variables={variables}
          defaultQuery=""
          storage={null}
          shouldPersistHeaders={false}
          isHeadersEditorEnabled={false}
        />
      </main>
    </>
  );
}

const answer = await fetch(START, { credentials: "omit", cache: "no-store" });
const { schema, query, variables } = await answer.json();
createRoot(document.getElementById("page")).render(
  <Page schema={buildSchema(schema)} query={query} variables={JSON.stringify(variables, null, 2)} />,
);
