// public-addresses.ts: what the filtering agent lets through and is nobody's public page all the same. The agent goes by
// ranges that are known to be private; for IPv6 it is safer to go by the one range that is public.

import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

// A list for each family: a list of both takes every IPv4 address for one of ::ffff:0:0/96, which is not public.
const blocked = { 4: new BlockList(), 6: new BlockList() };
// IANA gives out 2000::/3 alone. Among the rest is ::/96, by which 127.0.0.1 can be written as ::7f00:1.
blocked[6].addSubnet('::', 3, 'ipv6');
blocked[6].addSubnet('4000::', 2, 'ipv6');
blocked[6].addSubnet('8000::', 1, 'ipv6');
// Azure's platform endpoint: a public number that leads to the host itself and hands out secrets.
blocked[4].addAddress('168.63.129.16', 'ipv4');

/** An address was found that is not public. Its message names none: what a network is like is its own business. */
export class NotPublicError extends Error {
  override readonly name = 'NotPublicError';
}

/** @throws NotPublicError for a literal that is not public, and for the names that RFC 6761 keeps for the host itself. */
export function refuseUnlessPublic(host: string): void {
  if (/(^|\.)localhost\.?$/i.test(host) || isBlocked(host)) throw new NotPublicError();
}

/** The lookup, which fails when one of the addresses that it finds is not public. */
export function publicLookup(lookup: LookupFunction = systemLookup as LookupFunction): LookupFunction {
  return (name, options, done) => {
    lookup(name, options, (error, found, family) => {
      const addresses =
        typeof found === 'string' ? [found] : (found as LookupAddress[] | undefined)?.map((one) => one.address);
      if (!error && addresses?.some(isBlocked)) done(new NotPublicError(), '', 0);
      else done(error, found, family);
    });
  };
}

function isBlocked(address: string): boolean {
  const family = isIP(address);
  if (family === 6) return blocked[6].check(address, 'ipv6');
  return family === 4 && blocked[4].check(address, 'ipv4');
}
