using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Learning.DeviceTests;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// The adaptable models of EdgeRuntime.Nano.Learning.DeviceTests and what EdgeRuntime learns from LearningSamples with them: the state file
/// after 1,000 samples and decisions on the way. Written anew by <c>EDGE_WRITE_GOLDEN=1</c>; held to the engine otherwise, to the bit. The .edge
/// files are made where they are missing.
/// </summary>
public class LearningGoldenTests
{
    [Fact]
    public void Three_classes_in_int8() => Check("Softmax", Precision.Int8, 6, 8, 3, new AdaptableOptions { Passes = 2, StoredSamples = 16, AddedClasses = 2, WarmUp = 16 });

    [Fact]
    public void Two_classes_in_int16() => Check("Sigmoid", Precision.Int16, 4, 5, 1, new AdaptableOptions { Passes = 1, StoredSamples = 8, AddedClasses = 1, Neighbours = 3, SelfTestSamples = 8 });

    // The hidden layer has what an exclusive or needs, as training left it, and the last one knows nothing.
    [Fact]
    public void Exclusive_or()
    {
        byte[] file = Edge("xor", () => Adaptable(XorGraph(), Precision.Int8, new AdaptableOptions { AddedClasses = 0, Anomalies = false, StoredSamples = 4, SelfTestSamples = 0 }));
        using EdgeModel model = EdgeModel.Load(file);
        using var learner = new AdaptiveClassifier(model);
        int samples = 0;
        for (; Enumerable.Range(0, 4).Any(i => learner.Classify(LearningSamples.Xor(i)).ClassIndex != LearningSamples.XorLabel(i)); samples++)
        {
            Assert.True(samples < 100, "exclusive or is not learned");
            learner.Learn(LearningSamples.Xor(samples % 4), LearningSamples.XorLabel(samples % 4));
        }

        Assert.True(learner.IsAdapted && samples > 0);
        Write("Xor", file, text =>
        {
            text.Append(CultureInfo.InvariantCulture, $"        internal const int Samples = {samples};\n\n");
            Hex(text, "byte[] State", "Hex.Bytes", learner.Save());
        });
    }

    private static void Check(string name, Precision precision, int inputs, int hidden, int units, AdaptableOptions options)
    {
        byte[] file = Edge(name.ToLowerInvariant(), () => Adaptable(RandomGraph(inputs, hidden, units), precision, options));
        using EdgeModel model = EdgeModel.Load(file);
        using var learner = new AdaptiveClassifier(model);
        var samples = new LearningSamples(learner.InputLength);
        var decisions = new List<int>();
        var scores = new List<float>();
        for (int i = 0; i < LearningSamples.Count; i++)
        {
            if (LearningSamples.AddsClass(i) && learner.AddedClassCount < learner.MaxAddedClasses)
            {
                learner.AddClass("new " + i);
            }

            int label = samples.Next(learner.ClassCount);
            learner.Learn(samples.Input, label);
            if (LearningSamples.IsNormal(label))
            {
                learner.LearnNormal(samples.Input);
            }

            if (LearningSamples.Asks(i))
            {
                samples.Next(learner.ClassCount);
                Decision decision = learner.Classify(samples.Input);
                decisions.Add(decision.ClassIndex);
                scores.AddRange([decision.Probability, learner.AnomalyScore, learner.AnomalyThreshold, learner.AdaptedRight, .. learner.Probabilities]);
            }
        }

        // It has learned something of all.
        Assert.Equal(learner.MaxAddedClasses, learner.AddedClassCount);
        Assert.True(decisions.Distinct().Count() >= 3, string.Join(' ', decisions));
        Assert.True(learner.AnomalyThreshold > 0);
        Write(name, file, text =>
        {
            text.Append(CultureInfo.InvariantCulture, $"        internal const int Added = {learner.MaxAddedClasses};\n\n");
            Hex(text, "byte[] State", "Hex.Bytes", learner.Save());
            Hex(text, "byte[] Decisions", "Hex.Bytes", [.. decisions.Select(decision => (byte)decision)]);
            Hex(text, "float[] Scores", "Hex.Floats", MemoryMarshal.AsBytes<float>(scores.ToArray()));
        });
        Emit(name, file);
    }

    // The code of the model with its learner, which must find the same state.
    private static void Emit(string name, byte[] file) =>
        Hold(name + "Model.g.cs", NanoEmitter.Emit(file, new EmitOptions("EdgeInference.Nano.Learning.DeviceTests", name + "Model")).Files.Single().Text);

    private static void Write(string name, byte[] file, Action<StringBuilder> fields)
    {
        var text = new StringBuilder("// <auto-generated>Written by LearningGoldenTests of EdgeRuntime.Nano.Tests.</auto-generated>\n\nnamespace EdgeInference.Nano.Learning.DeviceTests\n{\n");
        text.Append(CultureInfo.InvariantCulture, $"    internal static class {name}Golden\n    {{\n");
        Hex(text, "byte[] File", "Hex.Bytes", file);
        fields(text);
        text.Length--;
        text.Append("    }\n}\n");
        Hold(name + "Golden.g.cs", text.ToString());
    }

    private static void Hold(string code, string text)
    {
        string path = Path.Combine(Folder(), code);
        if (IsWriting())
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    private static byte[] Edge(string name, Func<byte[]> make)
    {
        string path = Path.Combine(Folder(), name + ".edge");
        if (IsWriting() && !File.Exists(path))
        {
            File.WriteAllBytes(path, make());
        }

        return File.ReadAllBytes(path);
    }

    internal static byte[] Adaptable(Graph graph, Precision precision, AdaptableOptions options)
    {
        int inputs = graph.Inputs[0].Elements;
        int classes = Math.Max(2, graph.Outputs[0].Elements);
        var samples = new LearningSamples(inputs);
        var rows = new List<float[]>();
        var labels = new List<int>();
        for (int i = 0; i < 400; i++)
        {
            labels.Add(samples.Next(classes));
            rows.Add([.. samples.Input]);
        }

        if (inputs == 2)
        {
            rows = [.. Enumerable.Range(0, 4).Select(LearningSamples.Xor)];
            labels = [.. Enumerable.Range(0, 4).Select(LearningSamples.XorLabel)];
        }

        graph.Metadata = graph.Metadata with { OutputRoles = [OutputRole.Probability], Head = classes == 2 ? DecisionHead.Sigmoid : DecisionHead.Softmax, Labels = [.. Enumerable.Range(0, classes).Select(i => "c" + i)], Name = "learning" };
        Graph quantized = Quantizer.Quantize(GraphOptimizer.Optimize(graph), rows, precision);
        var table = new LabelledTable([.. Enumerable.Range(0, inputs).Select(i => "x" + i)], rows, [.. labels], [.. Enumerable.Range(0, classes).Select(i => "c" + i)]);
        return ExportPipeline.Write(AdaptStep.Run(new ModelDraft(graph, quantized) { Rows = rows }, options, table), "");
    }

    internal static Graph RandomGraph(int inputs, int hidden, int units)
    {
        var random = new Random(units);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 1.4f)];
        return Network(inputs, hidden, units, Draw(inputs * hidden), Draw(hidden), Draw(hidden * units), Draw(units));
    }

    // x + y, x and y apart, and either way which is larger.
    private static Graph XorGraph() => Network(2, 4, 1, [1f, 1f, -1f, -1f, 1f, -1f, -1f, 1f], [-1f, 1f, 0f, 0f], [0.01f, 0.01f, -0.01f, 0.01f], [0f]);

    private static Graph Network(int inputs, int hidden, int units, float[] first, float[] firstBias, float[] last, float[] lastBias)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, inputs);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "n" };
        Value h = builder.Activation(ActivationKind.ReLU, builder.Dense(x, Value.Constant("w1", first, hidden, inputs), Value.Constant("b1", firstBias, hidden)));
        Value y = builder.Dense(h, Value.Constant("w2", last, units, hidden), Value.Constant("b2", lastBias, units));
        graph.Outputs.Add(units == 1 ? builder.Activation(ActivationKind.Sigmoid, y) : builder.Softmax(y));
        return graph;
    }

    private static void Hex(StringBuilder text, string field, string decode, ReadOnlySpan<byte> values) =>
        text.Append(CultureInfo.InvariantCulture, $"        internal static readonly {field} = {decode}(\"{Convert.ToHexStringLower(values)}\");\n\n");

    private static bool IsWriting() => Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1";

    internal static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "EdgeRuntime.Nano.Learning.DeviceTests", "Golden");
}
