import { asyncApiRoute } from './asyncapi.ts';
import { feedRoute } from './feed.ts';
import { frozenRoute } from './frozen.ts';
import { liveRoute, readyRoute, serverRoute } from './health.ts';
import { inferRoute, metadataRoute, modelReadyRoute } from './inference.ts';
import { parametersRoute } from './parameters.ts';
import { prometheusRoute } from './prometheus.ts';
import { questionRoutes } from './questions.ts';
import type { Route } from './route.ts';
import { snapshotRoute } from './snapshot.ts';

/** All requests of the HTTP API. */
export const routes: readonly Route[] = [
  asyncApiRoute,
  feedRoute,
  frozenRoute,
  inferRoute,
  liveRoute,
  metadataRoute,
  modelReadyRoute,
  parametersRoute,
  prometheusRoute,
  ...questionRoutes,
  readyRoute,
  serverRoute,
  snapshotRoute,
];
