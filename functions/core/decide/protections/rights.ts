import { cleanText } from '../../text/clean-text.ts';
import { type HardCheck, yes } from './protection.ts';

/** Where our login may end the sessions of some users only, all others. */
export const killScope: HardCheck = {
  name: 'rights',
  ask({ id, user }, allowed) {
    if (allowed === undefined || user === null) return null;
    const { users, butNot } = allowed;
    if (!users.includes(user)) {
      const whose = users.length === 0 ? 'no user' : `${cleanText(users.join(', '), 200)} only`;
      return yes(`our login may end sessions of ${whose}`);
    }
    if (!butNot.includes(id)) return null;
    const account = `another account named ${cleanText(user, 64)}`;
    return yes(`it may be of ${account}, whose sessions our login may not end`);
  },
};
