/** The page: a field for the access token, and GraphiQL below it. */

import { buildSchema } from "graphql";
import { GraphiQL } from "graphiql";
import { useRef, useState } from "react";
import { createRoot } from "react-dom/client";

import { asking } from "./asking.js";
import "graphiql/style.css";
import "./page.css";

const START = "/sandbox/start.json";

function Page({ schema, query, variables }) {
  // Uncontrolled: React would copy a value that it controls into the document's markup.
  const field = useRef(null);
  const [ask] = useState(() => asking(() => field.current.value.trim()));
  return (
    <>
      <header>
        <strong>Sandbox: invented people only</strong>
        <label htmlFor="token">Access token</label>
        <input id="token" ref={field} type="password" autoComplete="off" spellCheck={false}
          placeholder="printed by: registry token var/demo/investigator.toml" />
        <span>Good for minutes. It stays in this tab and is gone with it.</span>
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
