import { Proof } from './proof';
import { expect, until } from './visitor';
import { VotingBrowser } from './voting-browser';

const PAGES = 10;

/** For processes, which stand still with SIGSTOP; in a container it would reach the init process alone. */
export const HUNG_PAGE: Proof = {
  name: 'VOTE-7: a page that hangs is taken out of service by its health checks, and ECS replaces it',
  prove: async (visitor) => {
    const { run } = visitor;
    const service = visitor.serviceBehind(visitor.external);
    const [hung] = service.running;
    const started = Date.now();
    await hung.containers[0].runtime.signal('SIGSTOP');
    const inService = () => [...run.groups.values()].some((group) => group.stateOf(hung.id).includes('healthy'));
    await until('it is out of service', 60_000, () => !inService());
    const out = Date.now() - started;
    for (let i = 0; i < PAGES; i++) {
      const page = await new VotingBrowser(visitor).page();
      expect(page.status === 200, `the page: status ${page.status}`);
    }
    await until('ECS has replaced it', 60_000, () => run.unready().length === 0 && !service.tasks.includes(hung));
    return `out of service after ${out} ms, ${PAGES} pages from the other task, replaced after ${Date.now() - started} ms`;
  },
};
