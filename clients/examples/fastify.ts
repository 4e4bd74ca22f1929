// A web service that learns, from its own requests, how long a request takes, and answers /predict.
//
//   npx tsx clients/examples/fastify.ts
//   curl 'http://127.0.0.1:3000/work?size=300'
//   curl 'http://127.0.0.1:3000/predict?size=300'

import { fileURLToPath } from 'node:url';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { bounded, type Example, Pipeline, pool } from 'rivulet';
import { Subject } from 'rxjs';

/** What is known of a request before it is answered; a wrong query is the caller's fault: 400. */
const featuresOf = ({ query }: FastifyRequest): Example['features'] => {
  const { size = '0' } = query as { size?: string };
  if (!Number.isFinite(Number(size)) || Number(size) < 0) {
    const message = `size must be a number of at least 0, not ${size}`;
    throw Object.assign(new Error(message), { statusCode: 400 });
  }
  return { size: Number(size), hour: new Date().getHours() };
};

/** The service, with the model that learns inside it. */
export const makeService = (): { app: FastifyInstance; pipeline: Pipeline } => {
  const app = fastify();
  const pipeline = new Pipeline({
    task: 'regression',
    learner: pool({ task: 'regression', inputCount: 2, outputCount: 1 }),
  });

  const requests = new Subject<Example>();
  // Learning takes turns with answering, and a flood of requests leaves samples out, not answers.
  const learning = pipeline.run(requests.pipe(bounded({ size: 1_000 }))).subscribe();
  app.addHook('onClose', async () => learning.unsubscribe());

  app.addHook('onResponse', async (request, reply) => {
    if (!request.url.startsWith('/work') || reply.statusCode !== 200) return;
    requests.next({ features: featuresOf(request), target: reply.elapsedTime });
  });

  app.get('/work', async (request) => {
    const ms = Math.min(1_000, featuresOf(request)['size'] as number);
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { ok: true };
  });

  app.get('/predict', async (request) => {
    const [milliseconds] = pipeline.predict({ features: featuresOf(request) });
    return { milliseconds, learned: pipeline.step };
  });

  return { app, pipeline };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { app } = makeService();
  console.log(await app.listen({ port: 3000 }));
}
