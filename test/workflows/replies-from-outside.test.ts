// What a master keeps of what is said to it from outside: whoever is waited for is heard, however many strangers speak.

import { expectReply, newMailbox, keepReply } from '../../workflows/state/mailbox.ts';

const reply = (handle: string, content = 'x') => ({ handle, ok: true, content });

test('a reply that is waited for is kept behind a thousand that are not, and behind ten thousand that were', () => {
  const mailbox = newMailbox();
  for (let i = 0; i < 10_000; i += 1) {
    expectReply(mailbox, `h${i}`);
    keepReply(mailbox, reply(`h${i}`));
  }
  for (let i = 0; i < 5_000; i += 1) keepReply(mailbox, reply(`stranger-${i}`));
  expect(Object.keys(mailbox.replies)).toHaveLength(11_000);
  expectReply(mailbox, 'mine');
  keepReply(mailbox, reply('mine', 'first'));
  keepReply(mailbox, reply('mine', 'second'));
  expect(mailbox.replies.mine?.content).toBe('first');
});

test('an early reply is found by who waits later, and makes room for another', () => {
  const mailbox = newMailbox();
  for (let i = 0; i < 1_000; i += 1) keepReply(mailbox, reply(`early-${i}`));
  keepReply(mailbox, reply('too-early'));
  expect(mailbox.replies).not.toHaveProperty('too-early');
  expectReply(mailbox, 'early-7');
  expect(mailbox.replies).toHaveProperty('early-7');
  keepReply(mailbox, reply('again'));
  expect(mailbox.replies).toHaveProperty('again');
});
