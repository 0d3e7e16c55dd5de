// check-models-there.ts: whether something listens where the configured models are. Asks them nothing, and costs nothing.

import { isListening } from '../../settings/listening.ts';
import { NO_OFFLINE_MODEL } from './check-settings.ts';
import { broken, configOf, ok, type Check } from './finding.ts';

export const checkModelsThere: Check = {
  name: 'models',
  about: 'something listens where the models are; --keys asks each of them, --models all that a task needs',
  async look(subject) {
    const { models } = configOf(subject).models;
    const asked = models.filter(({ baseURL }) => baseURL !== NO_OFFLINE_MODEL);
    const places = [...new Set(asked.map(placeOf))];
    const there = await Promise.all(places.map(isListening));
    const gone = places.filter((_, at) => !there[at]);
    const at = (place: string): string =>
      asked
        .filter((one) => placeOf(one) === place)
        .map(({ name }) => name)
        .join(', ');
    if (gone.length > 0)
      return gone.map((place) =>
        broken(
          `nothing listens at ${place}, where ${at(place)} should be`,
          'start that server, or mend its address ("baseURL" of the provider, OPENAI_BASE_URL)',
        ),
      );
    if (places.length === 0) return [ok('no server of models is needed: a worker starts the offline model')];
    return [ok(`${places.map((place) => `${at(place)} at ${place}`).join(', ')}; muster doctor --keys asks them`)];
  },
};

const OPENAI = 'https://api.openai.com/v1';

function placeOf({ baseURL }: { baseURL?: string }): string {
  const { hostname, port, protocol } = new URL(baseURL ?? OPENAI);
  return `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`;
}
