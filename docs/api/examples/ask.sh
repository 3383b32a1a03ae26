#!/usr/bin/env bash
# Asks the register one question with curl, and prints the answer as it comes.
#
#   export REGISTRY_URL=https://registry.example REGISTRY_TOKEN=…
#   ./ask.sh search.request.json
#
# Whatever the status, the body is JSON: `data`, `errors`, or both. A question that was not executed exits 22 (a status
# of 400 or more); a field that was refused comes with status 200, so look for `errors` as well.
set -euo pipefail

# The token is read from a pipe and the question from a file: arguments are seen by everyone on the machine.
curl --silent --show-error --fail-with-body --max-time 30 "$REGISTRY_URL/graphql" \
    --header 'Content-Type: application/json' \
    --header 'Accept: application/graphql-response+json' \
    --header @<(printf 'Authorization: Bearer %s\n' "$REGISTRY_TOKEN") \
    --data-binary "@$1"
