import type { Report } from '../model/report.ts';
import { byteSize, escapedSize } from '../text/byte-size.ts';
import { cutLines } from '../text/cut-lines.ts';
import type { Links } from './links.ts';
import { type Attribute, toAttributes } from './to-attributes.ts';
import { toEmail } from './to-email.ts';
import { toJson } from './to-json.ts';
import { toSms } from './to-sms.ts';
import { toSubject } from './to-subject.ts';
import { type Occasion, ordinary } from './notification-state.ts';

/** All that an SNS Publish needs beside its topic; `message` goes with `MessageStructure: json`. */
export interface Message {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** SNS takes 262,144 bytes; the rest stays free for what its own count may add. */
const mostBytes = 240_000;
/** The e-mail is in the message twice, escaped. */
const mostEmailBytes = 30_000;
/** The protocols behind which is a machine. SNS has no key for all of them, so each holds its own copy of the report. */
const machines = ['sqs', 'lambda', 'http', 'https', 'firehose'] as const;

/** The notification for every protocol of SNS, under its limit however many sessions there are; the occasion says why it is sent. */
export function toMessage(report: Report, links: Links = {}, occasion: Occasion = ordinary): Message {
  const subject = toSubject(report, occasion);
  const attributes = toAttributes(report, occasion.recoveredFrom ? 'recovery' : 'sweep');
  const email = cutLines(toEmail(report, links, occasion), mostEmailBytes, escapedSize);
  const people = { default: email, email, sms: toSms(report, occasion) };
  const taken = byteSize(JSON.stringify([subject, attributes, people, machines]));
  const json = toJson(report, Math.floor((mostBytes - taken) / machines.length), escapedSize);
  const copies = Object.fromEntries(machines.map((protocol) => [protocol, json]));
  return { subject, message: JSON.stringify({ ...people, ...copies }), attributes };
}
