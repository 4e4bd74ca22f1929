/**
 * The libraries, each as one function: from sizes to a net of sigmoids that learns one sample at a
 * time by half squared error and gradient descent, and that predicts. The rate is 0.25, except where
 * δ leaves out the slope of the output (synaptic, neataptic) or the output is linear (convnetjs):
 * 0.25 would be far too much there, and they would not learn.
 */
export const makers = {
  'brain.js 2 beta': async ([inputSize, hidden, outputSize]) => {
    const module = await import('brain.js');
    const { NeuralNetwork } = module.default ?? module;
    const hiddenLayers = [hidden];
    const net = new NeuralNetwork({
      inputSize,
      hiddenLayers,
      outputSize,
      activation: 'sigmoid',
      learningRate: 0.25,
    });
    // It refuses a momentum of 0 as an option.
    net.trainOpts.momentum = 0;
    net.initialize();
    return {
      learn: (x, y) => net.trainPattern({ input: x, output: y }),
      predict: (x) => net.runInput(x),
    };
  },
  synaptic: async ([inputs, hidden, outputs]) => {
    const { default: synaptic } = await import('synaptic');
    const net = new synaptic.Architect.Perceptron(inputs, hidden, outputs);
    return {
      learn: (x, y) => {
        net.activate(x);
        net.propagate(0.03, y);
      },
      predict: (x) => net.activate(x),
    };
  },
  neataptic: async ([inputs, hidden, outputs]) => {
    const { default: neataptic } = await import('neataptic');
    const net = neataptic.architect.Perceptron(inputs, hidden, outputs);
    return {
      learn: (x, y) => {
        net.activate(x, true);
        net.propagate(0.03, 0, true, y);
      },
      predict: (x) => net.activate(x),
    };
  },
  convnetjs: async ([inputs, hidden, outputs]) => {
    const { default: convnet } = await import('convnetjs');
    const net = new convnet.Net();
    net.makeLayers([
      { type: 'input', out_sx: 1, out_sy: 1, out_depth: inputs },
      { type: 'fc', num_neurons: hidden, activation: 'sigmoid' },
      { type: 'regression', num_neurons: outputs },
    ]);
    const trainer = new convnet.SGDTrainer(net, {
      learning_rate: 0.1,
      momentum: 0,
      batch_size: 1,
    });
    const volume = (x) => {
      const vol = new convnet.Vol(1, 1, inputs, 0);
      vol.w = x;
      return vol;
    };
    return {
      learn: (x, y) => trainer.train(volume(x), y),
      predict: (x) => net.forward(volume(x)).w,
    };
  },
  'TensorFlow.js, cpu': (sizes) => tensorflow(sizes, 'cpu'),
  'TensorFlow.js, wasm': (sizes) => tensorflow(sizes, 'wasm'),
};

const tensorflow = async ([inputs, hidden, outputs], backend) => {
  const tf = (await import('@tensorflow/tfjs')).default ?? (await import('@tensorflow/tfjs'));
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend(backend);
  await tf.ready();
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [inputs], units: hidden, activation: 'sigmoid' }));
  model.add(tf.layers.dense({ units: outputs, activation: 'sigmoid' }));
  const optimizer = tf.train.sgd(0.25);
  const half = tf.scalar(0.5);
  return {
    learn: (x, y) =>
      tf.tidy(() => {
        const [input, target] = [tf.tensor2d(x, [1, inputs]), tf.tensor2d(y, [1, outputs])];
        optimizer.minimize(() =>
          tf.mul(half, tf.sum(tf.squaredDifference(model.apply(input), target))),
        );
      }),
    predict: (x) => tf.tidy(() => model.apply(tf.tensor2d(x, [1, inputs])).dataSync()),
  };
};
