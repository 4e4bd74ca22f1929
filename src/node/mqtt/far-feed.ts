import { openFarSource } from '../worker/far-source.ts';
import type { Feed, FeedHandlers, FeedOptions } from './feed.ts';
import type { ClientNews, ClientSettings } from './thread-messages.ts';

/** Subscribes to topics, in a thread of its own: this one is left to whoever learns. */
export const openFarFeed = (url: string, options: FeedOptions, handlers: FeedHandlers): Feed => {
  const settings: ClientSettings = { url, options };
  const news = ({ counters, rejection, event }: ClientNews): void => {
    Object.assign(handlers.counters, counters);
    if (rejection) handlers.rejected.next(rejection);
    if (event) handlers.events.next(event);
  };
  return openFarSource<ClientNews>(
    { thread: 'node/mqtt/client-thread', settings, name: url },
    {
      deliver(places, beside) {
        news(beside);
        return handlers.deliver(places);
      },
      news,
      ended: handlers.failed,
    },
  );
};
