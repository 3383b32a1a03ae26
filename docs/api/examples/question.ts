/**
 * What the examples share: which question is asked, and how its answer is told.
 *
 * Token and proof key come from the environment and the question from files: arguments are seen by everyone on the machine.
 */
import { readFileSync } from 'node:fs';
import { setting } from './proofs.js';

export interface Refusal {
  message: string;
  extensions?: { [name: string]: unknown };
}

export const url = `${setting('REGISTRY_URL')}/graphql`;

function file(place: number, name: string): string {
  const path = process.argv[place];
  if (!path) throw new Error(`Name the file of the ${name}.`);
  return readFileSync(path, 'utf8');
}

export const document = (): string => file(2, 'document');
export const variables = (): Record<string, unknown> => JSON.parse(file(3, 'variables'));

/** Prints the data; each error goes to stderr as code, request id and sentence, and the exit code is 1. */
export function tell(data: unknown, errors: readonly Refusal[] = []): void {
  console.log(JSON.stringify(data ?? null));
  for (const { message, extensions } of errors) console.error(extensions?.code, extensions?.requestId, message);
  process.exitCode = errors.length > 0 ? 1 : 0;
}
