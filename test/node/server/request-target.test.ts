import { describe, expect, test } from 'vitest';
import { parseTarget } from '../../../src/node/server/request-target.ts';

describe('the target of a request line', () => {
  test.each([
    ['/', '/', ''],
    ['/v1/snapshot?model=the+roads&x=%C3%A9', '/v1/snapshot', 'model=the+roads&x=%C3%A9'],
    ['/a//b/../c', '/a//b/../c', ''],
    ['/?', '/', ''],
    ['/a?b?c=/d//e', '/a', 'b%3Fc=%2Fd%2F%2Fe'],
    ['/%00', '/%00', ''],
    ['*', '*', ''],
  ])('%s is a path and a query', (target, path, query) => {
    const found = parseTarget(target);
    expect(found?.path).toBe(path);
    expect(found?.query.toString()).toBe(query);
    expect(found?.authority).toBeUndefined();
  });

  test.each([
    ['http://model.example:80/v1/model?model=a', 'model.example:80', '/v1/model'],
    ['HTTPS://model.example', 'model.example', '/'],
    ['ws://[::1]:8080?x', '[::1]:8080', '/'],
  ])('%s names its host', (target, authority, path) => {
    expect(parseTarget(target)).toMatchObject({ authority, path });
  });

  test.each([
    ...[
      '',
      '//',
      '//evil.example/',
      '///',
      '?x',
      'v1/model',
      'localhost:80',
      'ftp://a/',
      'http://',
    ],
    ...['http:///v1', 'http://a//b', '/%', '/%z', '/%zz', '/a?b=%zz', '/%ff', '/a?b=%c3%28', '/#a'],
    ...['/a\\b', '/\\evil.example', '/a b', '/é', '/\u0000', '/\r\n', '**', '* ', ' /', '/\u007f'],
  ])('%j is refused', (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });

  test('is absent: refused', () => {
    expect(parseTarget(undefined)).toBeUndefined();
  });
});
