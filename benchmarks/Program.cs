using EdgeInference.Benchmarks;
using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using ModelExporter.Plan;
using ModelExporter.Quantize;
using ModelExporter.Train;
using ModelFormat;

int rounds = args.Length > 0 ? int.Parse(args[0]) : 301;
Mlp[] mlps =
[
    new("breast_cancer_mlp", 30, false, new(16, ActivationKind.ReLU), new(8, ActivationKind.Tanh), new(1, ActivationKind.Sigmoid)),
    new("digits_mlp", 64, true, new(32, ActivationKind.LeakyReLU), new(10, ActivationKind.Linear)),
    new("784 MLP", 784, true, new(128, ActivationKind.ReLU), new(64, ActivationKind.ReLU), new(10, ActivationKind.Linear)),
    new("ad01", 640, false, [.. new[] { 128, 128, 128, 128, 8, 128, 128, 128, 128 }.Select(u => new MlpLayer(u, ActivationKind.ReLU)), new(640, ActivationKind.Linear)]),
];
foreach (Mlp mlp in mlps)
{
    float[] input = [.. Enumerable.Range(0, mlp.Features).Select(i => MathF.Sin(i))];
    float[][] calibration = [.. Enumerable.Range(0, 16).Select(row => Enumerable.Range(0, mlp.Features).Select(i => MathF.Sin(i * (1 + row))).ToArray())];
    using var ours = new EdgeContender("EdgeRuntime float32", ProgramWriter.Write(mlp.ToGraph()), input);
    using var int8 = new EdgeContender("EdgeRuntime int8", ProgramWriter.Write(Quantizer.Quantize(mlp.ToGraph(), calibration, Precision.Int8)), input);
    using var ort = new OnnxContender(OnnxWriter.Write(mlp.ToGraph()), input, mlp.Layers[^1].Units);
    double[] medians = Comparison.Run([ours, int8, ort], rounds);
    Console.WriteLine($"{mlp.Name}: float {medians[0]:F1} ns {medians[2] / medians[0]:F2}x; int8 {medians[1]:F1} {medians[2] / medians[1]:F2}x; ORT {medians[2]:F1} ns,  {ours.Output[0]} {int8.Output[0]} {ort.Output[0]}");
}
