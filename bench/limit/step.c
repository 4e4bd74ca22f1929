// The limit that the SIMD kernel is measured against: the same learning step in C, with the sizes
// known when it is compiled. Build with -O3 -ffast-math; vectors are 128 or more bits wide, as the
// target has them. Prints updates per second as one JSON object.
//
//   gcc -O3 -ffast-math -msse4.2 -DI=64 -DH=30 -DO=10 step.c -o step && ./step 0.5
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef LANES
#define LANES 4
#endif
#define VECTORS(n) (((n) + LANES - 1) / LANES)
#define SAMPLES 1024

typedef float vector __attribute__((vector_size(4 * LANES), aligned(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));

enum { HV = VECTORS(H), OV = VECTORS(O) };

// Blocks of hidden units whose sums fit the registers, and of outputs whose weights are walked
// together.
#define BLOCK (HV < 8 ? HV : 8)
#define ROWS (O % 5 == 0 ? 5 : O < 4 ? O : 4)

// First layer input-major, block after block: the sums stay in registers and memory is walked in
// order. Second layer output-major.
static vector first[HV / BLOCK][I][BLOCK], firstBias[HV];
static vector second[O][HV];
static float secondBias[OV * LANES];
static float samples[SAMPLES][I], targets[SAMPLES][OV * LANES] __attribute__((aligned(64)));

static inline vector splat(float x) { return x - (vector){}; }

// 2^x by a polynomial, as the kernel has it: libm would not be inlined.
static inline vector sigmoid(vector x) {
  vector power = x * splat(-1.44269504f);
  vector most = splat(60), least = splat(-60);
  integers high = power > most, low = power < least;
  power = (vector)(((integers)power & ~high) | ((integers)most & high));
  power = (vector)(((integers)power & ~low) | ((integers)least & low));
  integers n = __builtin_convertvector(power + splat(126.5f), integers) - 126;
  vector r = power - __builtin_convertvector(n, vector);
  vector p = splat(0.0013264727f);
  p = p * r + splat(0.0096715126f);
  p = p * r + splat(0.0555073374f);
  p = p * r + splat(0.2402224208f);
  p = p * r + splat(0.6931469775f);
  p = p * r + splat(1.0f);
  return splat(1.0f) / ((vector)((integers)p + (n << 23)) + splat(1.0f));
}

static inline float sum(vector v) {
  float s = 0;
  for (int k = 0; k < LANES; k++) s += v[k];
  return s;
}

static vector hidden[HV], hiddenDelta[HV], mask[HV];

static inline void forwardFirst(const float *restrict x) {
  for (int block = 0; block < HV / BLOCK; block++) {
    vector sums[BLOCK];
#pragma GCC unroll 8
    for (int b = 0; b < BLOCK; b++) sums[b] = firstBias[block * BLOCK + b];
#pragma GCC unroll 4
    for (int i = 0; i < I; i++) {
      vector xs = splat(x[i]);
#pragma GCC unroll 8
      for (int b = 0; b < BLOCK; b++) sums[b] += xs * first[block][i][b];
    }
#pragma GCC unroll 8
    for (int b = 0; b < BLOCK; b++)
      hidden[block * BLOCK + b] = sigmoid(sums[b]) * mask[block * BLOCK + b];
  }
}

static inline void forwardSecond(float *restrict z) {
#pragma GCC unroll 16
  for (int o = 0; o < O; o += ROWS) {
    vector sums[ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) sums[r] = splat(0);
#pragma GCC unroll 8
    for (int b = 0; b < HV; b++)
#pragma GCC unroll 8
      for (int r = 0; r < ROWS; r++) sums[r] += second[o + r][b] * hidden[b];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) z[o + r] = sum(sums[r]);
  }
}

static inline void backwardSecond(const float *restrict delta, float rate) {
#pragma GCC unroll 16
  for (int o = 0; o < O; o += ROWS) {
    vector deltas[ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) deltas[r] = splat(delta[o + r]);
#pragma GCC unroll 8
    for (int b = 0; b < HV; b++) {
      vector h = hidden[b], step = h * splat(rate), d = o == 0 ? splat(0) : hiddenDelta[b];
#pragma GCC unroll 8
      for (int r = 0; r < ROWS; r++) {
        vector w = second[o + r][b];
        d += w * deltas[r];
        second[o + r][b] = w - step * deltas[r];
      }
      hiddenDelta[b] = o + ROWS < O ? d : d * h * (splat(1) - h);
    }
  }
}

static inline void backwardFirst(const float *restrict x, float rate) {
  for (int block = 0; block < HV / BLOCK; block++) {
    vector steps[BLOCK];
#pragma GCC unroll 8
    for (int b = 0; b < BLOCK; b++) {
      steps[b] = hiddenDelta[block * BLOCK + b] * splat(rate);
      firstBias[block * BLOCK + b] -= steps[b];
    }
#pragma GCC unroll 4
    for (int i = 0; i < I; i++) {
      vector xs = splat(x[i]);
#pragma GCC unroll 8
      for (int b = 0; b < BLOCK; b++) first[block][i][b] -= xs * steps[b];
    }
  }
}

__attribute__((noinline)) static float learn(const float *restrict x, const float *restrict y, float rate) {
  float z[OV * LANES] __attribute__((aligned(64))) = {0};
  float delta[OV * LANES] __attribute__((aligned(64)));
  forwardFirst(x);
  forwardSecond(z);
  vector cost = splat(0);
#pragma GCC unroll 8
  for (int v = 0; v < OV; v++) {
    vector *bias = (vector *)&secondBias[v * LANES], *to = (vector *)&delta[v * LANES];
    vector h = sigmoid(*(vector *)&z[v * LANES] + *bias);
    vector error = h - *(const vector *)&y[v * LANES];
    for (int k = 0; k < LANES; k++)
      if (v * LANES + k >= O) error[k] = 0;
    cost += error * error;
    *to = error * h * (splat(1) - h);
    *bias -= *to * splat(rate);
  }
  backwardSecond(delta, rate);
  backwardFirst(x, rate);
  return sum(cost) / 2;
}

static uint32_t state = 1;
static float uniform(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) / 16777216.0f;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int count, char **arguments) {
  double duration = count > 1 ? atof(arguments[1]) : 0.5;
  for (int i = 0; i < I; i++)
    for (int j = 0; j < H; j++) 
      first[j / LANES / BLOCK][i][j / LANES % BLOCK][j % LANES] = (uniform() - 0.5f) / sqrtf(I);
  for (int o = 0; o < O; o++)
    for (int j = 0; j < H; j++) second[o][j / LANES][j % LANES] = (uniform() - 0.5f) / sqrtf(H);
  for (int j = 0; j < H; j++) mask[j / LANES][j % LANES] = 1;
  for (int s = 0; s < SAMPLES; s++) {
    for (int i = 0; i < I; i++) samples[s][i] = uniform();
    for (int o = 0; o < O; o++) targets[s][o] = o == s % O && O > 1 ? 1 : (O > 1 ? 0 : uniform());
  }
  // The best of many short windows: a machine that others use too is at rest in some of them.
  double cost = 0, best = 0, end = seconds() + duration;
  long updates = 0;
  while (seconds() < end) {
    double start = seconds(), elapsed = 0;
    long before = updates;
    while ((elapsed = seconds() - start) < 0.004)
      for (int s = 0; s < 64; s++, updates++)
        cost += learn(samples[updates % SAMPLES], targets[updates % SAMPLES], 0.25f);
    double rate = (updates - before) / elapsed;
    if (rate > best) best = rate;
  }
  printf("{\"updatesPerSecond\":%.0f,\"meanCost\":%.6f}\n", best, cost / updates);
  return 0;
}
