import { execFile, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { components } from "../src/core/contract.gen";

type Schemas = components["schemas"];
export type GroundFinding = Schemas["GroundFinding"];
export type Build = Schemas["Build"];

/** The program, and connections to databases that were empty when the tests began, a line each. */
const program = process.env.GRIDWRIGHT_E2E_PROGRAM ?? "";
const databases = (process.env.GRIDWRIGHT_E2E_DATABASES ?? "").split("\n").filter((dsn) => dsn !== "");

// As sql/queries/import.sql has it.
const importLock = "select pg_advisory_xact_lock(hashtextextended('gridwright.import', 0));";

/** Reports whether there are so many databases for tests of their own. */
export const hasHomes = (n: number) => program !== "" && databases.length >= n;

/** Home is a service on data of a test's own, with what tests do to it. */
export interface Home {
  /** With a slash at its end. */
  readonly address: string;
  /** Imports rows of a CSV file from the command line. A file of another name leaves what came in the first. */
  readonly take: (layer: string, head: string, rows: readonly string[], name?: string) => Promise<void>;
  /** Takes the lock every import takes, as one that lasts would, and returns how to let go: until then no ground is built. */
  readonly hold: () => Promise<() => Promise<void>>;
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: unknown) => Promise<T>;
  readonly findings: () => Promise<GroundFinding[]>;
  readonly stop: () => Promise<void>;
}

/** Starts a service on the nth of the empty databases, and returns when it listens. */
export async function start(n: number): Promise<Home> {
  const database = databases[n] as string;
  const where = `--database=${database}`;
  const served = spawn(program, ["serve", where, "--listen=127.0.0.1:0", "--lang=zh"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => served.once("exit", () => resolve()));
  const address = await listening(served.stderr, ended);
  const folder = mkdtempSync(join(tmpdir(), "gridwright-home-"));

  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(address + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": "zh" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return {
    address,
    async take(layer, head, rows, name = layer) {
      const file = join(folder, `${name}.csv`);
      writeFileSync(file, [head, ...rows, ""].join("\n"));
      await run(program, ["import", file, "--layer", layer, where, "--lang=en"]);
    },
    hold: () => hold(database),
    get: (path) => ask(path),
    post: (path, body) => ask(path, body),
    findings: async () => (await ask<{ findings: GroundFinding[] }>("api/v1/ground/findings")).findings,
    async stop() {
      served.kill();
      await ended;
    },
  };
}

async function hold(database: string): Promise<() => Promise<void>> {
  const psql = spawn("psql", ["--no-psqlrc", "--quiet", database], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = new Promise<void>((resolve) => psql.once("exit", () => resolve()));
  const held = new Promise<void>((resolve) =>
    psql.stdout.on("data", (text) => String(text).includes("held") && resolve()),
  );
  psql.stdin.write(`begin;\n${importLock}\n\\echo held\n`);
  await held;
  return async () => {
    psql.stdin.end("rollback;\n");
    await gone;
  };
}

/** Returns the address a service says it listens on; throws what it said when it ends before. */
function listening(talk: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    talk.on("data", (text) => {
      said += text;
      const url = /https?:\/\/[^\s]+/.exec(said)?.[0];
      if (url) resolve(`${url.replace(/\/$/, "")}/`);
    });
    void ended.then(() => reject(new Error(`the service ended: ${said}`)));
  });
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], (fault, said, talk) =>
      fault ? reject(new Error(`${program} ${args.join(" ")}: ${said}${talk}`)) : resolve(),
    );
  });
}
