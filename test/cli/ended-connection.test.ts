// What Temporal's client does after its connection was closed.

import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { endsWithConnection } from '../../client/ended-connection.ts';

test('a call that is tried again after its connection was closed ends as cancelled, and is not thrown at the process', async () => {
  const closed = () => {
    throw new Error('Channel has been shut down');
  };
  const retrying = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  const call = retrying({} as never, (options) => endsWithConnection(options, closed as never));
  const status = new Promise((ended) => call.start({} as never, { onReceiveStatus: ended } as never));
  call.sendMessage({});
  call.halfClose();
  expect(await status).toMatchObject({ code: 1, details: 'the connection was closed' });
});

test('whatever else is thrown as a call begins is thrown on', () => {
  const other = () => {
    throw new TypeError('no such method');
  };
  expect(() => endsWithConnection({} as never, other as never)).toThrow('no such method');
});
