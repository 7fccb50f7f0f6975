using ModelFormat;

namespace EdgeInference.Benchmarks.Models;

/// <summary>One layer of a multilayer perceptron.</summary>
/// <param name="Units">Number of outputs.</param>
/// <param name="Activation">ReLU, LeakyReLU, Tanh, Sigmoid or Linear.</param>
internal sealed record MlpLayer(int Units, ActivationKind Activation);
