import { stringify } from 'yaml';
import type { Answers } from './ask-answers.ts';

/** The text of a first unleak.yaml: cautious rules, everything explained, nothing ended. */
export function toConfigurationText(answers: Answers): string {
  const { engine, host, port, database, name, secret, email } = answers;
  return `# What unleak looks after. \`npx unleak validate\` finds every mistake in here; docs/policy.md has the whole language.
# Nothing is ended while a target's mode is dry-run: unleak then tells what it would end.

notify:
  emails: ${email === null ? '[] # who gets the notices' : `[${write(email)}]`}
  when: change # change (default): news once, and again after coolDown | action | always
  waiting: 30s # people who wait for a lock for so long are news, whatever the policies say

policies:
  web:
    # In order; the first rule that matches a session decides about it.
    rules:
      # Keeps others waiting: worth ending early.
      - name: blocker
        state: ${transactionStates(engine)}
        transaction: 30s # whatever it does meanwhile: a keepalive begins a time in its state anew
        blocking: 10s
      # Begun and forgotten.
      - name: stuck-transaction
        state: ${transactionStates(engine)}
        for: 5m
      # Opened and left: each client keeps its ten most recently used ones, since a pool holds that many spare
      # (HikariCP's minimumIdle) and retires them within an hour. A preset knows your programs better: docs/presets.md.
      - name: idle-leak
        state: idle
        for: 1h
        group: [user, application, client]
        keep: { newest: 10 }
      # Only while the server is nearly full, and only as many as needed.
      - name: pressure
        state: idle
        for: 5m
        utilization: { above: 80%, until: 60% }
    # protect: # added to what is always protected
    #   - { user: [deploy], reason: People work by hand under this name. }
    caps: { perSweep: 50, share: 50% } # at most so many in one sweep

targets:
  - name: ${write(name)}
    engine: ${engine} # postgres | mysql | mariadb
    host: ${write(host)}
${port === null ? '' : `    port: ${write(port)}\n`}${database === null ? '' : `    database: ${write(database)}\n`}    secret: ${write(secret)} # in Secrets Manager: {"username": "…", "password": "…"}
    policy: web
    schedule: rate(5 minutes)
    mode: dry-run # dry-run (default) | enforce
`;
}

/** A value as YAML wants it, quoted where it must be; a port stays a number. */
function write(value: string): string {
  return stringify(/^\d{1,5}$/.test(value) ? Number(value) : value, { lineWidth: 0 }).trimEnd();
}

/** MySQL has no aborted transactions. */
function transactionStates(engine: Answers['engine']): string {
  return engine === 'postgres'
    ? '[idle in transaction, idle in transaction (aborted)]'
    : 'idle in transaction';
}
