import { expect, test } from 'vitest';
import { toBlockingTree } from '../../cli/look/blocking-tree.ts';
import { holder, waiter } from './waiting/waits.ts';

test('the tree of unleak look shows no name that becomes a link, a number to call or a move of the cursor', () => {
  const names = { user: 'call-18005550199', application: 'visit t.me/x\u001b[2J' };
  const lines = toBlockingTree([{ ...holder('1', [['2', 60_000]]), ...names }, waiter('2', names)]).join(
    '\n',
  );
  expect(lines).toContain('1 call-1800_5550_199 / visit t[.]me/x\\u{1b}[2J');
  expect(lines).toContain('2 call-1800_5550_199 / visit t[.]me/x\\u{1b}[2J waits');
});
