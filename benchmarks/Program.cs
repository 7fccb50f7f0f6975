using EdgeInference.Benchmarks;
using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using ModelExporter.Plan;
using ModelFormat;

int rounds = args.Length > 0 ? int.Parse(args[0]) : 301;
Mlp[] mlps =
[
    new("breast_cancer_mlp", 30, false, new(16, ActivationKind.ReLU), new(8, ActivationKind.Tanh), new(1, ActivationKind.Sigmoid)),
    new("digits_mlp", 64, true, new(32, ActivationKind.LeakyReLU), new(10, ActivationKind.Linear)),
    new("784 MLP", 784, true, new(128, ActivationKind.ReLU), new(64, ActivationKind.ReLU), new(10, ActivationKind.Linear)),
];
foreach (Mlp mlp in mlps)
{
    float[] input = [.. Enumerable.Range(0, mlp.Features).Select(i => MathF.Sin(i))];
    using var ours = new EdgeContender("EdgeRuntime float32", ProgramWriter.Write(mlp.ToGraph()), input);
    using var ort = new OnnxContender(OnnxMlpFile.Write(mlp), input, mlp.Layers[^1].Units);
    double[] medians = Comparison.Run([ours, ort], rounds);
    Console.WriteLine($"{mlp.Name}: ours {medians[0]:F1} ns, ORT {medians[1]:F1} ns, ratio {medians[1] / medians[0]:F2}; {ours.Output[0]} {ort.Output[0]}");
}
