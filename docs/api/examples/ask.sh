#!/usr/bin/env bash
# Asks the register one question with curl, and prints the answer as it comes.
#
#   export REGISTRY_URL=https://registry.example REGISTRY_PROOF_KEY=proof.pem REGISTRY_TOKEN=…
#   ./ask.sh search.request.json
#
# Whatever the status, the body is JSON: `data`, `errors`, or both. A question that was not executed exits 22 (a status
# of 400 or more); a field that was refused comes with status 200, so look for `errors` as well.
set -euo pipefail

# Token and proof are read from a pipe and the question from a file: arguments are seen by everyone on the machine.
# proofs.py signs for this one request; "registry proof POST URL --headers" does the same.
curl --silent --show-error --fail-with-body --max-time 30 "$REGISTRY_URL/graphql" \
    --header 'Content-Type: application/json' \
    --header 'Accept: application/graphql-response+json' \
    --header @<(python3 "$(dirname "$0")/proofs.py" POST "$REGISTRY_URL/graphql") \
    --data-binary "@$1"
