// deliveries.ts: tells each receiver what it is to be told, one after the other, and tries again until it is there or given
// up. Receivers wait for nobody but themselves. The SDK's pieces are ports, so the whole of it is tested without a server.

import type { Delivery, ProgressTold, Receipt } from '../protocol/background.ts';
import type { DeliveryNamed } from '../protocol/events.ts';
import type { NotifyEvent } from '../protocol/notify.ts';
import type { Emit } from './state/journal.ts';
import {
  addDelivery,
  deliveryOf,
  isOutdated,
  isUndelivered,
  nextDelivery,
  pauseAfter,
  type DeliveryState,
  type Receiver,
} from './state/receivers.ts';

export interface DeliveryPorts {
  /** One try. @throws what the SDK throws when all is cancelled */
  deliver(delivery: Delivery, summary: string): Promise<Receipt>;
  /** Waits so long, or until it holds. @throws what the SDK throws when all is cancelled */
  pause(ms: number, until: () => boolean, summary: string): Promise<void>;
  now(): number;
  /** From 0 to 1. */
  dice(): number;
  /** Nothing more is begun: the run that follows goes on with what is left. Once it holds, it holds. */
  isHandingOver(): boolean;
  emit: Emit;
}

export interface Deliveries {
  /** Tells every receiver that asked for it. Never throws. */
  tell(event: NotifyEvent, at: number, progress?: ProgressTold): void;
  /** Goes on where the run before left off: what waits for its next try goes on waiting. */
  goOn(): void;
  /** Sends once more what was given up: of these ids, or all. @returns the ids of those that are sent. */
  again(ids: readonly string[] | undefined): string[];
  /** Gives up what is left to be sent. */
  giveUp(reason: string): void;
  /** Returns when nothing is left to be sent, or nothing more is begun. @throws what the SDK threw. */
  settled(): Promise<void>;
}

/** @param run of the background child. */
export function openDeliveries(receivers: readonly Receiver[], run: string, ports: DeliveryPorts): Deliveries {
  const atWork = new Map<Receiver, Promise<void>>();
  const failures: unknown[] = [];

  function begin(receiver: Receiver, first?: Promise<void>): void {
    if (atWork.has(receiver)) return;
    if (ports.isHandingOver()) return;
    const ended = (): void => void atWork.delete(receiver);
    const work = (first ? first.then(() => sendAll(receiver)) : sendAll(receiver)).then(
      () => {
        ended();
        // Something may have come since it looked.
        if (nextDelivery(receiver)) begin(receiver);
      },
      (error: unknown) => {
        ended();
        failures.push(error);
      },
    );
    atWork.set(receiver, work);
  }

  async function sendAll(receiver: Receiver): Promise<void> {
    for (let next = nextDelivery(receiver); next && !ports.isHandingOver(); next = nextDelivery(receiver))
      await send(receiver, next);
  }

  /** Tries once, and says how it went; after a failure waits until it may be tried again. */
  async function send(receiver: Receiver, one: DeliveryState): Promise<void> {
    if (isOutdated(receiver, one)) return void Object.assign(one, { state: 'outdated' });
    if (receiver.disabled !== undefined) return giveUp(one, 'disabled', receiver.disabled);
    one.tries += 1;
    one.state = 'queued';
    delete one.retryAt;
    const receipt = await ports.deliver(deliveryOf(receiver, one), `tells ${one.to}: ${one.event}`);
    switch (receipt.status) {
      case 'delivered': {
        const { at, code } = receipt;
        delete one.reason;
        Object.assign(one, { state: 'delivered', deliveredAt: at, ...(code === undefined ? {} : { code }) });
        return ports.emit({ type: 'delivery.sent', ...named(one), ...(code === undefined ? {} : { code }) });
      }
      case 'refused':
        return giveUp(one, 'refused', receipt.reason);
      case 'disabled':
        receiver.disabled = receipt.reason;
        return giveUp(one, 'disabled', receipt.reason);
      case 'retry': {
        const pause = pauseAfter(one.tries, receipt.afterSeconds, ports.dice());
        if (pause === undefined) return giveUp(one, 'dead', receipt.reason);
        return await waitForNext(receiver, one, receipt.reason, pause);
      }
      default:
        receipt satisfies never;
        return giveUp(one, 'refused', 'its notifier answered with what this version does not know');
    }
  }

  async function waitForNext(receiver: Receiver, one: DeliveryState, reason: string, pause: number): Promise<void> {
    const retryAt = ports.now() + pause;
    Object.assign(one, { state: 'retrying', reason, retryAt });
    ports.emit({ type: 'delivery.retrying', ...named(one), retryAt, reason });
    await untilTried(receiver, one, pause);
  }

  /** Until it may be tried again, is to be tried now, or there is something newer to tell. */
  async function untilTried(receiver: Receiver, one: DeliveryState, pause: number): Promise<void> {
    const isWanted = (): boolean => one.state === 'retrying' && !isOutdated(receiver, one);
    await ports.pause(pause, () => !isWanted() || ports.isHandingOver(), `tries ${one.to} again`);
  }

  function giveUp(one: DeliveryState, state: 'dead' | 'refused' | 'disabled', reason: string): void {
    Object.assign(one, { state, reason });
    ports.emit({ type: 'delivery.failed', ...named(one), state, reason });
  }

  return {
    tell(event, at, progress) {
      receivers.forEach((receiver, index) => {
        if (addDelivery(receiver, index, run, { event, at, ...(progress ? { progress } : {}) })) begin(receiver);
      });
    },
    goOn() {
      for (const receiver of receivers) {
        const next = nextDelivery(receiver);
        const left = (next?.retryAt ?? 0) - ports.now();
        if (next) begin(receiver, left > 0 ? untilTried(receiver, next, left) : undefined);
      }
    },
    again(ids) {
      const asked = receivers.flatMap((receiver) =>
        receiver.deliveries
          .filter((one) => ids?.includes(one.id) ?? isUndelivered(one))
          // One that waits for its next try is tried now; what is there or under way stays.
          .filter((one) => isUndelivered(one) || one.state === 'retrying')
          .map((one) => ({ receiver, one })),
      );
      for (const { receiver, one } of asked) {
        delete receiver.disabled;
        Object.assign(one, { state: 'queued', tries: 0 });
        delete one.retryAt;
        begin(receiver);
      }
      return asked.map(({ one }) => one.id);
    },
    giveUp(reason) {
      for (const receiver of receivers)
        for (let next = nextDelivery(receiver); next; next = nextDelivery(receiver)) giveUp(next, 'dead', reason);
    },
    async settled() {
      while (atWork.size > 0) await Promise.all(atWork.values());
      if (failures.length > 0) throw failures[0];
    },
  };
}

const named = ({ id, kind, to, tries, event }: DeliveryState): DeliveryNamed => ({
  delivery: id,
  kind,
  to,
  tries,
  what: event,
});
