// check-attributes.ts: whether the search attributes that tasks are listed and told apart by are registered.

import { SEARCH_ATTRIBUTES } from '../../protocol/names.ts';
import { broken, ok, type Check } from './finding.ts';

/** Of the API: Keyword. */
const KEYWORD = 2;

export const checkAttributes: Check = {
  name: 'attributes',
  about: 'the search attributes that tasks are listed by',
  async look(subject) {
    const { namespace, address, ask } = await subject.server();
    const { customAttributes } = await ask(({ operatorService }) =>
      operatorService.listSearchAttributes({ namespace }),
    );
    const wanted = Object.values(SEARCH_ATTRIBUTES);
    const missing = wanted.filter((name) => customAttributes[name] === undefined);
    const odd = wanted.filter((name) => ![undefined, KEYWORD].includes(customAttributes[name] ?? undefined));
    const create = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
    return [
      ...(missing.length === 0 && odd.length === 0 ? [ok(`${wanted.join(', ')} are registered`)] : []),
      ...(missing.length === 0
        ? []
        : [
            broken(
              `not registered: ${missing.join(', ')}; tasks run, and can’t be listed or filtered by it`,
              `temporal operator search-attribute create --namespace ${namespace} ${create} --address ${address}`,
              { missing: missing.join(',') },
            ),
          ]),
      ...odd.map((name) =>
        broken(
          `${name} is registered with another type than Keyword`,
          `remove it (temporal operator search-attribute remove --name ${name}) and create it as Keyword`,
        ),
      ),
    ];
  },
};
