import type { Socket } from 'node:net';
import type { EngineName } from '../../functions/contract/target.ts';
import { readSome } from './open-socket.ts';

/** Whether the server agrees to go on in TLS on this connection. */
export async function askForTls(engine: EngineName, socket: Socket): Promise<boolean> {
  return engine === 'postgres' ? askPostgres(socket) : askMysql(socket);
}

/** SSLRequest: its length and a number that no version of the protocol has; the answer is one letter. */
async function askPostgres(socket: Socket): Promise<boolean> {
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  return (await readSome(socket)).toString('latin1', 0, 1) === 'S';
}

const canTls = 0x0800;
// Protocol 4.1, TLS, and the two that say how to log in.
const ourCapabilities = 0x0200 | canTls | 0x8000 | 0x8_0000;

/** The server greets first and says what it can; an error in the place of a greeting is told by the login. */
async function askMysql(socket: Socket): Promise<boolean> {
  const greeting = await readSome(socket);
  if ((capabilitiesOf(greeting) & canTls) === 0) return false;
  const request = Buffer.alloc(36);
  request.writeUIntLE(32, 0, 3);
  request.writeUInt8(1, 3);
  request.writeUInt32LE(ourCapabilities, 4);
  request.writeUInt32LE(0x100_0000, 8);
  request.writeUInt8(45, 12); // utf8mb4
  socket.write(request);
  return true;
}

/** After the header and the version's text: the thread, eight bytes of salt, a zero, then the lower capabilities. */
function capabilitiesOf(greeting: Buffer): number {
  const endOfVersion = greeting.indexOf(0, 5);
  const at = endOfVersion + 1 + 4 + 8 + 1;
  return greeting[4] === 10 && endOfVersion > 0 && greeting.length >= at + 2 ? greeting.readUInt16LE(at) : 0;
}
