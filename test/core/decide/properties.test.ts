import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../functions/contract/policy.ts';
import type { Rule } from '../../../functions/contract/rule.ts';
import { capOf } from '../../../functions/core/decide/caps.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { compileProtections } from '../../../functions/core/decide/protections/compile-protections.ts';
import { chosenOf, type Decision } from '../../../functions/core/model/plan.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import { fieldOf } from '../../../functions/core/decide/field-of.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import {
  buildPolicy,
  buildSessions,
  buildSnapshot,
  type PolicyInput,
  type RuleInput,
} from '../build-session.ts';
import { anyPolicy, anyRule, anySnapshot, runs, toRule } from './arbitrary.ts';

function check(hold: (snapshot: Snapshot, policy: Policy) => void): void {
  fc.assert(fc.property(anySnapshot, anyPolicy, hold), runs);
}

function chosenIds(snapshot: Snapshot, policy: Policy): Set<string> {
  return new Set(chosenOf(decide(snapshot, policy)).map((decision) => decision.session.id));
}

function groupsOf(rule: Rule, decisions: readonly Decision[]): Decision[][] {
  const groups = new Map<string, Decision[]>();
  for (const decision of decisions) {
    const fields = rule.group.length > 0 ? rule.group : (['user'] as const);
    const key = JSON.stringify(fields.map((field) => fieldOf(decision.session, field)));
    groups.set(key, [...(groups.get(key) ?? []), decision]);
  }
  return [...groups.values()];
}

/** Decided by the rule and not protected: what its limits counted. */
function candidatesOf(rule: Rule, snapshot: Snapshot, policy: Policy): Decision[] {
  return decide(snapshot, policy).decisions.filter(
    (decision) => decision.rule === rule.name && decision.verdict !== 'protected',
  );
}

function isChosen(decision: Decision): boolean {
  return decision.verdict === 'terminate' || decision.verdict === 'cancel';
}

/** The same session later, if nothing happens to it: every clock that runs for it has run on. */
function later(session: Session, byMs: number): Session {
  const add = (ms: number | null) => (ms === null ? null : ms + byMs);
  return {
    ...session,
    stateMs: add(session.stateMs),
    openMs: add(session.openMs),
    transactionMs: session.transactionMs === 0 ? 0 : add(session.transactionMs),
    waitingMs: session.waitsForLock === false ? 0 : add(session.waitingMs),
    blocks: session.blocks?.map((blocked) => ({ ...blocked, waitingMs: add(blocked.waitingMs) })) ?? null,
  };
}

const delay = fc.constantFrom(1, 1_000, 60_000, 3_600_000);

/** Lets each chosen session, by itself, grow older. */
function checkAgeing(policies: fc.Arbitrary<Policy>): void {
  fc.assert(
    fc.property(anySnapshot, policies, delay, (snapshot, policy, byMs) => {
      for (const { session } of chosenOf(decide(snapshot, policy))) {
        const sessions = snapshot.sessions.map((other) => (other === session ? later(session, byMs) : other));
        expect(chosenIds({ ...snapshot, sessions }, policy)).toContain(session.id);
      }
    }),
    runs,
  );
}

describe('for any snapshot and any policy', () => {
  it('a protected session is never chosen', () => {
    check((snapshot, policy) => {
      const protectionOf = compileProtections(policy, snapshot);
      for (const { session } of chosenOf(decide(snapshot, policy))) {
        expect(protectionOf(session)).toBeNull();
        expect(session).toMatchObject({ kind: 'client', superuser: false });
        expect(session.user).not.toMatch(/^(?:rdsadmin|mysql\..*)$/);
      }
    });
  });

  it('the caps are never passed', () => {
    check((snapshot, policy) => {
      const clients = snapshot.sessions.filter((session) => session.kind === 'client').length;
      const chosen = chosenOf(decide(snapshot, policy)).length;
      expect(chosen).toBeLessThanOrEqual(policy.caps.perSweep);
      expect(chosen).toBeLessThanOrEqual(Math.max(1, policy.caps.share * clients + 1e-6));
    });
  });

  it('the caps spare nobody while there is room, for the sweep and for its user', () => {
    check((snapshot, policy) => {
      const clients = snapshot.sessions.filter((session) => session.kind === 'client');
      const { decisions } = decide(snapshot, policy);
      const ended = decisions.filter(isChosen);
      if (ended.length === capOf(policy.caps, clients.length).most) return;
      for (const { session, reason } of decisions.filter(({ verdict }) => verdict === 'capped')) {
        const own = ({ user }: Session) => user === session.user;
        const most = Math.max(1, Math.floor(policy.caps.share * clients.filter(own).length + 1e-9));
        expect(ended.filter((decision) => own(decision.session)).length).toBeGreaterThanOrEqual(most);
        expect(reason).toMatch(/of its user in one sweep$/);
      }
    });
  });

  it('no user’s sessions use up the cap while another has had fewer turns', () => {
    check((snapshot, policy) => {
      const { decisions } = decide(snapshot, policy);
      const turns = (user: string | null) =>
        decisions.filter((decision) => isChosen(decision) && decision.session.user === user).length;
      for (const { session, verdict, reason } of decisions) {
        if (verdict !== 'capped' || reason.endsWith('of its user in one sweep')) continue;
        for (const other of snapshot.sessions)
          expect(turns(other.user)).toBeLessThanOrEqual(turns(session.user) + 1);
      }
    });
  });

  it('by until, nobody is brought below an equal part of what it leaves, whatever others open', () => {
    const rule = { for: '1s', utilization: { above: '10%', until: '10%' } } satisfies Partial<RuleInput>;
    const policy = buildPolicy([rule], { lift: ['advisory-lock', 'backup'] });
    fc.assert(
      fc.property(anySnapshot, ({ sessions, ...snapshot }) => {
        const clients = sessions.filter(({ kind, user }) => kind === 'client' && user !== null);
        const capacity = { ...snapshot.capacity, limits: [], used: clients.length };
        const leaves = Math.floor(0.1 * Math.max(1, capacity.maxConnections - capacity.reserved) + 1e-9);
        const users = new Set(clients.map(({ user }) => user));
        const chosen = chosenIds({ ...snapshot, capacity, sessions: clients }, policy);
        for (const user of users) {
          const own = clients.filter((session) => session.user === user);
          const left = own.filter(({ id }) => !chosen.has(id)).length;
          expect(left).toBeGreaterThanOrEqual(Math.min(own.length, Math.floor(leaves / users.size)));
        }
      }),
      runs,
    );
  });

  it('keep is kept: each group of a rule’s candidates retains as many as it says', () => {
    check((snapshot, policy) => {
      for (const rule of policy.rules)
        for (const group of groupsOf(rule, candidatesOf(rule, snapshot, policy))) {
          const kept = group.filter((decision) => !isChosen(decision)).length;
          expect(kept).toBeGreaterThanOrEqual(Math.min(rule.keep?.count ?? 0, group.length));
        }
    });
  });

  it('most is never passed, and no group under the minimum is touched', () => {
    check((snapshot, policy) => {
      for (const rule of policy.rules)
        for (const group of groupsOf(rule, candidatesOf(rule, snapshot, policy))) {
          expect(group.filter(isChosen).length).toBeLessThanOrEqual(rule.most ?? Number.POSITIVE_INFINITY);
          expect(group.length).toBeGreaterThanOrEqual(rule.minimum ?? 0);
        }
      for (const rule of policy.rules.filter(({ group, most }) => group.length === 0 && most !== null))
        expect(candidatesOf(rule, snapshot, policy).filter(isChosen).length).toBeLessThanOrEqual(
          rule.most ?? 0,
        );
    });
  });

  it('a chosen session meets every condition of its rule', () => {
    check((snapshot, policy) => {
      for (const { session, rule: name, verdict } of chosenOf(decide(snapshot, policy))) {
        const rule = policy.rules.find((candidate) => candidate.name === name);
        expect(rule?.states).toContain(session.state);
        expect(rule?.action).toBe(verdict);
        if (rule?.forMs != null) expect(session.stateMs).toBeGreaterThanOrEqual(rule.forMs);
        expect([rule?.forMs, rule?.transactionMs, rule?.blockingMs].some((ms) => ms != null)).toBe(true);
        if (session.state === 'active') expect(session.waitsForLock).toBe(rule?.waitingMs != null);
        if (verdict === 'cancel') expect(session.waitsForClient).not.toBe(true);
        if (rule?.waitingForClient) expect(session.waitsForClient).toBe(true);
        if (rule?.group.includes('statement')) expect(session.statement).not.toMatch(/…$/);
        if (rule?.openMs != null) expect(session.openMs).toBeGreaterThanOrEqual(rule.openMs);
        if (rule?.transactionMs != null)
          expect(session.transactionMs).toBeGreaterThanOrEqual(rule.transactionMs);
        if (rule?.blockingMs != null)
          expect(session.blocks?.some((blocked) => (blocked.waitingMs ?? -1) >= (rule.blockingMs ?? 0))).toBe(
            true,
          );
      }
    });
  });

  it('the order of the sessions does not change the plan', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, fc.infiniteStream(fc.nat()), (snapshot, policy, weights) => {
        const weight = new Map(snapshot.sessions.map((session) => [session, weights.next().value as number]));
        const sessions = [...snapshot.sessions].sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
        expect(decide({ ...snapshot, sessions }, policy)).toEqual(decide(snapshot, policy));
      }),
      runs,
    );
  });

  it('every session gets exactly one decision, with a reason in one line', () => {
    check((snapshot, policy) => {
      const { decisions } = decide(snapshot, policy);
      const ids = (sessions: readonly Session[]) => sessions.map((session) => session.id).sort();
      expect(ids(decisions.map((decision) => decision.session))).toEqual(ids(snapshot.sessions));
      for (const { verdict, rule, protection, reason } of decisions) {
        expect(reason).toMatch(/^.{5,}$/);
        expect(rule === null).toBe(verdict === 'no-rule');
        expect(protection !== null).toBe(verdict === 'protected');
      }
    });
  });

  it('deciding changes nothing that it is given', () => {
    check((snapshot, policy) => {
      const before = JSON.stringify([snapshot, policy]);
      decide(snapshot, policy);
      expect(JSON.stringify([snapshot, policy])).toBe(before);
    });
  });

  it('a session that goes never makes one chosen that is protected by itself', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, fc.nat(), (snapshot, policy, pick) => {
        const { decisions } = decide(snapshot, policy);
        const guarded = decisions.filter((decision) => decision.verdict === 'protected');
        const sessions = snapshot.sessions.filter((_, index) => index !== pick % snapshot.sessions.length);
        const chosen = chosenIds({ ...snapshot, sessions }, policy);
        const protectionOf = compileProtections(policy, { ...snapshot, sessions: [] });
        for (const { session } of guarded)
          if (protectionOf(session)) expect(chosen).not.toContain(session.id);
      }),
      runs,
    );
  });

  /* Not asked of `match`: there a missing value matches nothing, so an earlier rule that would have spared is passed by. */
  it('a fact that goes missing never makes a session chosen', () => {
    const facts = [
      'state',
      'stateMs',
      'openMs',
      'transactionMs',
      'blocks',
      'superuser',
      'advisoryLock',
      'waitsForLock',
      'waitingMs',
    ] as const;
    const forget = (snapshot: Snapshot, session: Session, fact: string): Snapshot => ({
      ...snapshot,
      sessions: snapshot.sessions.map((other) => (other === session ? { ...other, [fact]: null } : other)),
    });
    fc.assert(
      fc.property(anySnapshot, anyPolicy, fc.constantFrom(...facts), (snapshot, policy, fact) => {
        for (const { session, verdict } of decide(snapshot, policy).decisions)
          if (verdict === 'protected' || verdict === 'spared' || verdict === 'no-rule')
            expect(chosenIds(forget(snapshot, session, fact), policy)).not.toContain(session.id);
      }),
      runs,
    );
  });

  it('the random sessions and policies are such that these properties mean something', () => {
    const seen = new Map<string, number>();
    check((snapshot, policy) => {
      for (const { verdict } of decide(snapshot, policy).decisions)
        seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
    });
    for (const verdict of ['terminate', 'cancel', 'capped', 'spared', 'protected', 'no-rule'])
      expect(seen.get(verdict) ?? 0, verdict).toBeGreaterThan(20);
  });
});

describe('more time in its state never makes a session less eligible', () => {
  it('under one rule that neither keeps the oldest nor cancels, with whatever other limits and caps', () => {
    checkAgeing(
      anyRule
        .filter((rule) => (!rule.keep || 'newest' in rule.keep) && rule.action !== 'cancel')
        .map((rule) => buildPolicy([rule], { caps: { perSweep: 3 } })),
    );
  });

  it('under many rules of which only the last has limits', () => {
    const mild = {
      keep: undefined,
      most: undefined,
      minimum: undefined,
      group: undefined,
      utilization: undefined,
      action: undefined,
    };
    const plain = anyRule.map((rule) => toRule({ ...rule, ...mild }));
    const last = anyRule.filter((rule) => (!rule.keep || 'newest' in rule.keep) && rule.action !== 'cancel');
    checkAgeing(
      fc.tuple(fc.array(plain, { maxLength: 3 }), last).map(([first, rule]) => buildPolicy([...first, rule])),
    );
  });

  /* Where it does not hold, and why: each is what the policy says, and each session is spared, never wrongly ended. */
  it.each([
    [
      'keep the oldest keeps what has grown oldest',
      [{ keep: { oldest: 1 } }],
      {},
      [{ stateMs: 20_000 }, { stateMs: 30_000 }],
    ],
    [
      'a session grows into an earlier rule that keeps it',
      [{ for: '10m', keep: { newest: 1 } }, { for: '1s' }],
      {},
      [{ stateMs: 20_000 }, {}],
    ],
    [
      'a session grows into an earlier rule that has its most already',
      [{ for: '10m', most: 1 }, { for: '1s' }],
      {},
      [{ stateMs: 20_000 }, { stateMs: 7_200_000 }],
    ],
    [
      'a session grows into an earlier rule that needs no more',
      [{ for: '10m', utilization: { above: '2%', until: '2%' } }, { for: '1s' }],
      {},
      [{ stateMs: 20_000 }, { stateMs: 7_200_000 }, {}],
    ],
    [
      'a session grows into an earlier rule that misses a fact about it and would only cancel',
      [
        { state: 'active', for: '10m', action: 'cancel', except: { statement: 'COPY*' } },
        { state: 'active', for: '1s' },
      ],
      {},
      [{ state: 'active', stateMs: 20_000, statement: null }],
    ],
    [
      'a session fills up the group of an earlier rule, and the others of it use up the cap',
      [
        { for: '10m', minimum: 3 },
        { for: '1s', match: { application: 'young' } },
      ],
      { caps: { perSweep: 1 } },
      [{ stateMs: 20_000 }, {}, {}].map((age, index) => ({
        ...age,
        application: index === 0 ? 'young' : '',
      })),
    ],
    [
      'a statement to be cancelled is neither among the longest nor among the shortest any more',
      [{ state: 'active', action: 'cancel' }],
      { caps: { perSweep: 2, share: '100%' } },
      [20_000, 30_000, 7_200_000].map((stateMs) => ({ state: 'active' as const, stateMs })),
    ],
  ] satisfies [string, Partial<RuleInput>[], Partial<PolicyInput>, Partial<Session>[]][])(
    'but not where %s',
    (_what, rules, more, ages) => {
      const policy = buildPolicy(rules, more);
      const sessions = buildSessions(ages);
      const older = sessions.map((session) => (session.id === '1' ? later(session, 1_000_000) : session));
      const [before, after] = [sessions, older].map((list) => chosenIds(buildSnapshot(list), policy));
      expect([before?.has('1'), after?.has('1')]).toEqual([true, false]);
    },
  );
});
