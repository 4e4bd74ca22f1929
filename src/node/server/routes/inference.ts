import { finiteOrNull } from '../../../broadcast/describe.ts';
import type { Predictions } from '../../../broadcast/model.ts';
import type { Service } from '../../../broadcast/service.ts';
import { readJson } from './body.ts';
import { inferenceQuestion, matrixName } from './inference-request.ts';
import { type Exchange, HttpError, type Route, sendJson, serviceOf } from './route.ts';

/** The one version that each model has. */
const version = '1';

/** `POST /v2/models/NAME/infer`: the Open Inference Protocol. */
export const inferRoute: Route = {
  method: 'POST',
  path: /^\/v2\/models\/(?<name>[^/]+)(\/versions\/(?<version>[^/]+))?\/infer$/,
  role: 'predict',
  async handle(exchange) {
    const { request, response, limits } = exchange;
    const service = namedService(exchange);
    const body = await readJson(request, limits);
    const { model } = service.broadcaster;
    const question = inferenceQuestion(body, { model, rowsMax: limits.predictRows });
    const predictions = await service.predict(question.rows);
    const id = question.id === undefined ? {} : { id: question.id };
    sendJson(response, { ...id, ...answerOf(service, predictions, question.outputs) });
  },
};

/** `GET /v2/models/NAME`: what the model takes and gives. */
export const metadataRoute: Route = {
  method: 'GET',
  path: /^\/v2\/models\/(?<name>[^/]+)(\/versions\/(?<version>[^/]+))?$/,
  role: 'read',
  handle(exchange) {
    const { name, broadcaster } = namedService(exchange);
    const { inputs = -1, outputs = -1, features, classes } = broadcaster.model;
    sendJson(exchange.response, {
      name,
      versions: [version],
      platform: 'rivulet',
      inputs: features
        ? features.map(({ name: feature, kind }) => ({
            name: feature,
            datatype: kind === 'number' ? 'FP64' : 'BYTES',
            shape: [-1],
          }))
        : [{ name: matrixName, datatype: 'FP64', shape: [-1, inputs] }],
      outputs: [
        { name: 'y', datatype: 'FP64', shape: [-1, classes?.length ?? outputs] },
        ...(classes ? [{ name: 'label', datatype: 'BYTES', shape: [-1] }] : []),
      ],
    });
  },
};

/** `GET /v2/models/NAME/ready`: whether it can predict, and its checkpoints can be written. */
export const modelReadyRoute: Route = {
  method: 'GET',
  path: /^\/v2\/models\/(?<name>[^/]+)(\/versions\/(?<version>[^/]+))?\/ready$/,
  role: 'read',
  handle(exchange) {
    const service = namedService(exchange);
    const { name, model } = service;
    const ready = model.predict !== undefined && service.isReady;
    sendJson(exchange.response, { name, ready }, ready ? 200 : 503);
  },
};

/** The model that the path names. Throws 404 where there is no such model, or no such version of it. */
const namedService = (exchange: Exchange): Service => {
  const { name, version: asked = version } = exchange.groups;
  const service = serviceOf(exchange, decodeURIComponent(name!));
  if (asked === version) return service;
  throw new HttpError(404, `model ${service.name} has no version ${asked}; it has ${version}`);
};

const answerOf = (
  service: Service,
  { y, labels, step }: Predictions,
  wanted: readonly string[],
): object => {
  const rows = y.length;
  const data = y.flatMap((row) => Array.from(row, finiteOrNull));
  const shape = [rows, y[0]?.length ?? 0];
  const outputs = [
    { name: 'y', datatype: 'FP64', shape, data },
    ...(labels ? [{ name: 'label', datatype: 'BYTES', shape: [rows], data: labels }] : []),
  ];
  return {
    model_name: service.name,
    model_version: version,
    parameters: { epoch: service.broadcaster.epoch.name, step },
    outputs: wanted.flatMap((name) => outputs.find((output) => output.name === name) ?? []),
  };
};
