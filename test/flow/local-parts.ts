import type { Notifier, ObjectStore } from '../../functions/aws/ports.ts';
import type { Fault } from '../../functions/core/model/fault.ts';
import type { Message } from '../../functions/core/notify/to-message.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';

/** Hand-made parts where AWS would be, and what they were given. */
export interface LocalParts {
  readonly deps: Deps;
  readonly messages: Message[];
  readonly reports: Report[];
  readonly faults: Fault[];
  /** How often the secret was fetched. */
  readonly fetches: () => number;
}

/** Parts for one sweep: `secret` is what Secrets Manager would hold when it is asked. */
export function createLocalParts(
  secret: string | (() => string | Promise<string>),
  overrides: Partial<Deps> = {},
): LocalParts {
  const messages: Message[] = [];
  const reports: Report[] = [];
  const faults: Fault[] = [];
  let fetches = 0;
  const deps: Deps = {
    secrets: {
      fetch: async () => {
        fetches += 1;
        return typeof secret === 'string' ? secret : secret();
      },
    },
    notifier: keeping(messages),
    history: null,
    runner: { kind: 'operator', name: 'test' },
    telemetry: {
      record: (report) => reports.push(report),
      fault: (fault) => faults.push(fault),
    },
    loadEngine,
    links: {},
    deadline: createDeadline(60_000, Date.now),
    now: Date.now,
    sweepId: 'sweep-1',
    ...overrides,
  };
  return { deps, messages, reports, faults, fetches: () => fetches };
}

/** A notifier that keeps what it is given. */
export function keeping(messages: Message[]): Notifier {
  return {
    publish: (message) => {
      messages.push(message);
      return Promise.resolve();
    },
  };
}

/** A part of which every call fails with this. */
export function failing(error: Error): Notifier & ObjectStore {
  const fail = () => Promise.reject(error);
  return { publish: fail, where: 'a failing store', get: fail, put: fail, setAside: fail, list: fail };
}

/** A history that lives as long as the test, with versions as a bucket has them. */
export function createMemoryStore(): ObjectStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  const versions = new Map<string, number>();
  const versionOf = (key: string) => (objects.has(key) ? String(versions.get(key) ?? 0) : null);
  const set = (key: string, bytes: Uint8Array) => {
    objects.set(key, bytes);
    versions.set(key, (versions.get(key) ?? 0) + 1);
  };
  return {
    objects,
    where: 'the test',
    get: (key, mostBytes) => {
      const bytes = objects.get(key);
      const isSmall = bytes !== undefined && bytes.length <= mostBytes;
      return Promise.resolve(
        bytes === undefined ? null : { bytes: isSmall ? bytes : null, version: versionOf(key) ?? '' },
      );
    },
    put: (key, bytes, expected) => {
      if (versionOf(key) !== expected) return Promise.resolve('conflict');
      set(key, bytes);
      return Promise.resolve('written');
    },
    setAside: (key, to) => {
      set(to, objects.get(key) ?? new Uint8Array());
      return Promise.resolve();
    },
    list: (prefix) => Promise.resolve([...objects.keys()].filter((key) => key.startsWith(prefix)).sort()),
  };
}

/** The report that machines receive with a message. */
export function machineReportOf(message: Message | undefined): Report {
  const forms = JSON.parse(message?.message ?? '{}') as { readonly sqs: string };
  return JSON.parse(forms.sqs) as Report;
}
