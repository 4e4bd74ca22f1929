export type { BrokerOptions } from './broker.ts';
export { type FromMqttOptions, fromMqtt } from './from-mqtt.ts';
export type { MqttCounters } from './intake.ts';
export { type MqttAudience, type ToMqttOptions, toMqtt } from './to-mqtt.ts';
export type { TopicMap } from './topic-join.ts';
