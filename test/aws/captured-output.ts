/** Collects what the work writes to standard output and standard error, as lines. */
export function captureOutput(work: () => void): { readonly out: string[]; readonly err: string[] } {
  const [out, err] = [capture(process.stdout), capture(process.stderr)];
  try {
    work();
  } finally {
    out.restore();
    err.restore();
  }
  return { out: out.lines(), err: err.lines() };
}

function capture(stream: NodeJS.WriteStream) {
  const write = stream.write.bind(stream);
  let text = '';
  stream.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  return {
    lines: () => text.split('\n').slice(0, -1),
    restore: () => (stream.write = write),
  };
}
