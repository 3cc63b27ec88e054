import { readFileSync } from 'node:fs';

/* The gate's end, from vitest's JSON report: every failed test with its message, then `N passed, N failed, N skipped`.
   They stand here, since whoever reads a gate's output often has only its end. A failure outside a test counts as one. */
const MESSAGE_LINES = 12;
const [file, failedElsewhere] = process.argv.slice(2);
const { passed, failed, skipped, failures } = count(file);
for (const failure of failures) console.log(failure);
const inAll = failed > 0 || failedElsewhere === '0' ? failed : 1;
console.log(`${passed} passed, ${inAll} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = inAll === 0 && passed > 0 ? 0 : 1;

function count(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
      failures: report.testResults.flatMap(toFailures),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [] }; // the tests did not get as far as a report
  }
}

function toFailures({ name, status, message, assertionResults }) {
  const tests = assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => `FAILED ${name} > ${test.fullName}\n${start(test.failureMessages.join('\n'))}`);
  return status === 'failed' && tests.length === 0 ? [`FAILED ${name}\n${start(message)}`] : tests;
}

function start(message) {
  return message.split('\n').slice(0, MESSAGE_LINES).join('\n');
}
