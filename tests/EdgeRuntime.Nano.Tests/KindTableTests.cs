extern alias nano;

using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Import.Weights;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Activations;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// Every kind of activation, unary, binary and reduction is in every table: both engines, the converter and, for an activation,
/// the importers. What is missing is named.
/// </summary>
public class KindTableTests
{
    [Fact]
    public void Counts_are_those_of_the_enumerations()
    {
        Assert.Equal(Enumerable.Range(0, ActivationKinds.Count), Enum.GetValues<ActivationKind>().Select(kind => (int)kind));
        Assert.Equal(Enumerable.Range(0, UnaryKinds.Count), Enum.GetValues<UnaryKind>().Select(kind => (int)kind));
        Assert.Equal(Enumerable.Range(0, BinaryKinds.Count), Enum.GetValues<BinaryKind>().Select(kind => (int)kind));
        Assert.Equal(Enumerable.Range(0, ReduceKinds.Count), Enum.GetValues<ReduceKind>().Select(kind => (int)kind));
    }

    [Fact]
    public void Every_activation_is_in_each_engine_and_in_the_converter()
    {
        var missing = new List<string>();
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            Try(missing, $"{kind} in EdgeRuntime/Activations", () => ActivationFormulas.Get(kind));
            Try(missing, $"{kind} in FloatMath.Activate", () => Engine.FloatMath.Activate((nano::EdgeInference.ModelFormat.ActivationKind)kind, 1f, 1f, 1f));
            Try(missing, $"{kind} in ModelConverter/Activations", () => Assert.Equal(kind, ActivationFunctions.Get(kind).Kind));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public unsafe void A_number_that_is_no_kind_throws_in_each_table()
    {
        foreach (int number in (int[])[-1, ActivationKinds.Count])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => ActivationFormulas.Get((ActivationKind)number));
            Assert.Throws<ArgumentOutOfRangeException>(() => ActivationFunctions.Get((ActivationKind)number));
            Assert.Throws<ArgumentOutOfRangeException>(() => Engine.FloatMath.Activate((nano::EdgeInference.ModelFormat.ActivationKind)number, 1f, 1f, 1f));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeInference.Runtime.Kernels.Float32.Elementwise.UnaryKernel.Function((UnaryKind)UnaryKinds.Count, fast: true) != null);
        Assert.Throws<InvalidOperationException>(() => Double(Opcode.Unary, UnaryKinds.Count));
        Assert.Throws<InvalidOperationException>(() => Double(Opcode.Binary, BinaryKinds.Count));
        Assert.Throws<InvalidOperationException>(() => Double(Opcode.Reduce, ReduceKinds.Count));
    }

    // A name that the importer does not know would be dead, and two functions of one name a matter of their order.
    [Fact]
    public void Importers_know_every_name_that_an_activation_has()
    {
        var missing = new List<string>();
        Known(missing, "ONNX", names => names.Onnx, name => OnnxOperators.Rows.Any(row => row.OpType == name));
        Known(missing, "Keras layers", names => names.KerasLayers, KerasLayers.All.ContainsKey);
        Known(missing, "TensorFlow Lite", names => names.Tflite, name => TfliteOperators.All.ContainsKey(Enum.Parse<TfliteOperatorCode>(name)));
        Known(missing, "layer files", names => names.LayerFile, LayerTypes.All.ContainsKey);
        Known(missing, "Keras functions", names => names.KerasFunctions, name => name.Length > 0);
        Assert.Empty(missing);
    }

    // The one that no format writes as an operator; whoever adds another says so here.
    [Fact]
    public void All_but_the_unit_step_have_a_name_in_some_format() => Assert.Equal(
        [ActivationKind.Step],
        ActivationFunctions.All
            .Where(function => function.Names is { Onnx.Count: 0, KerasFunctions.Count: 0, KerasLayers.Count: 0, Tflite.Count: 0, LayerFile.Count: 0 })
            .Select(function => function.Kind));

    [Fact]
    public void Every_unary_binary_and_reduction_runs_on_each_engine_and_in_double_precision()
    {
        var missing = new List<string>();
        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            TryAll(missing, $"{kind}", Opcode.Unary, (int)kind);
        }

        foreach (BinaryKind kind in Enum.GetValues<BinaryKind>())
        {
            TryAll(missing, $"{kind} of two", Opcode.Binary, (int)kind);
        }

        foreach (ReduceKind kind in Enum.GetValues<ReduceKind>())
        {
            TryAll(missing, $"{kind} of an axis", Opcode.Reduce, (int)kind);
        }

        Assert.Empty(missing);
    }

    private static void TryAll(List<string> missing, string name, Opcode opcode, int kind)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int[] inputs = opcode == Opcode.Binary ? [x, x] : [x];
        int length = opcode == Opcode.Reduce ? 1 : 2;
        int y = builder.AddTensor(TensorType.Float32, [1, length], 64);
        builder.AddOperator(opcode, inputs, [y], Parameters(opcode, kind));
        builder.AddInput(x);
        builder.AddOutput(y);
        byte[] file = builder.Build();
        float[] output = new float[length];
        Try(missing, $"{name} in EdgeInference.Nano", () => new Engine.NanoSession(Engine.NanoModel.Load(file)).Run([0.25f, 0.75f], output));
        Try(missing, $"{name} in EdgeRuntime", () =>
        {
            using EdgeModel model = EdgeModel.Load(file);
            using Session session = model.CreateSession();
            session.Run([0.25f, 0.75f], output);
        });
        Try(missing, $"{name} in DoubleKernels", () => Double(opcode, kind));
    }

    private static double[] Double(Opcode opcode, int kind)
    {
        var x = new Value("x", TensorType.Float32, 1, 2);
        var node = new Node(opcode, "node", opcode == Opcode.Binary ? [x, x] : [x], new Value("y", TensorType.Float32, 1, opcode == Opcode.Reduce ? 1 : 2));
        int[] parameters = Parameters(opcode, kind);
        for (int i = 0; i < parameters.Length; i++)
        {
            node.With(i, parameters[i]);
        }

        double[] values = [0.25, 0.75];
        return OperatorDefinitions.Of(opcode).Reference!(node, opcode == Opcode.Binary ? [values, values] : [values])[0];
    }

    // Unary: α and β 0. Reduce: over the last axis.
    private static int[] Parameters(Opcode opcode, int kind) => opcode switch
    {
        Opcode.Unary => [kind, 0, 0],
        Opcode.Binary => [kind],
        _ => [kind, 2, 0, 0],
    };

    private static void Known(List<string> missing, string format, Func<SourceNames, IReadOnlyList<SourceName>> names, Func<string, bool> isKnown)
    {
        var seen = new HashSet<(string, string?, int)>();
        foreach ((ActivationFunction function, SourceName name) in ActivationFunctions.Named(names))
        {
            if (!isKnown(name.Name))
            {
                missing.Add($"{name.Name} of {function.Name} in {format}");
            }

            if (!seen.Add((name.Name, name.Form?.Value, name.FromVersion)))
            {
                missing.Add($"{name.Name} of {function.Name} names two functions in {format}");
            }
        }
    }

    private static void Try(List<string> missing, string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or ModelFormatException or IndexOutOfRangeException)
        {
            missing.Add($"{name}: {error.Message}");
        }
    }
}
