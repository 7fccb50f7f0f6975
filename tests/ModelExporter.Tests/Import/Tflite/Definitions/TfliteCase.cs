using System.Buffers.Binary;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <summary>A model of one operator, and what TensorFlow Lite defines that it gives, in plain loops.</summary>
/// <param name="Code">The operator.</param>
/// <param name="Name">What is special about it.</param>
/// <param name="Build">Writes the model.</param>
/// <param name="Define">All outputs, one after the other, for the inputs: real numbers, or integers where the model is quantized.</param>
internal sealed record TfliteCase(TfliteOperatorCode Code, string Name, Action<TfliteModelBuilder> Build, Func<double[][], IEnumerable<double>> Define)
{
    private const float Range = 3f;
    private const int Wide = 20_000;

    /// <summary>Inputs are whole numbers of these many values, so that some are equal.</summary>
    internal int? Whole { get; init; }

    /// <summary>Inputs are above 0.</summary>
    internal bool Positive { get; init; }

    internal byte[] Model()
    {
        var model = new TfliteModelBuilder();
        Build(model);
        return model.Build();
    }

    /// <summary>Runs the imported model and the definition on inputs of a seed.</summary>
    internal (double[] Actual, double[] Expected) Run(int seed)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(Model(), "case.tflite")));
        using Session session = model.CreateSession(KernelSet.Reference);
        var random = new Random(seed);
        var inputs = new List<double[]>();
        for (int i = 0; i < model.File.Inputs.Length; i++)
        {
            TensorInfo tensor = model.File.Inputs[i];
            double[] values = [.. Enumerable.Range(0, tensor.Elements).Select(_ => tensor.Type == TensorType.Int16 ? random.Next(-Wide, Wide + 1)
                : tensor.Type != TensorType.Float32 ? random.Next(-128, 128)
                : Whole is { } count ? random.Next(count)
                : (double)(Positive ? 0.1f + random.NextSingle() : (2 * Range * random.NextSingle()) - Range))];
            inputs.Add(values);
            if (tensor.Type == TensorType.Float32)
            {
                Array.ConvertAll(values, value => (float)value).CopyTo(session.Input<float>(i));
            }
            else if (tensor.Type == TensorType.Int16)
            {
                Array.ConvertAll(values, value => (short)value).CopyTo(session.Input<short>(i));
            }
            else
            {
                Array.ConvertAll(values, value => (sbyte)value).CopyTo(session.Input<sbyte>(i));
            }
        }

        session.Run();
        var outputs = new List<double>();
        for (int i = 0; i < model.File.Outputs.Length; i++)
        {
            if (model.File.Outputs[i].Type == TensorType.Float32)
            {
                outputs.AddRange(session.Output<float>(i).ToArray().Select(value => (double)value));
            }
            else if (model.File.Outputs[i].Type == TensorType.Int16)
            {
                outputs.AddRange(session.Output<short>(i).ToArray().Select(value => (double)value));
            }
            else
            {
                outputs.AddRange(session.Output<sbyte>(i).ToArray().Select(value => (double)value));
            }
        }

        return ([.. outputs], [.. Define([.. inputs])]);
    }

    /// <summary>Numbers between −1 and 1 that a file and its definition share.</summary>
    internal static float[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2f * random.NextSingle()) - 1f)];
    }

    internal static sbyte[] Draw8(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-127, 128))];
    }

    internal static int Int8(TfliteModelBuilder model, int[] shape, sbyte[] data, params float[] scales) => model.Constant(shape, data, scales);

    internal static int Int32(TfliteModelBuilder model, params int[] data) => model.Constant(TfliteType.Int32, [data.Length], TfliteModelBuilder.Bytes(data, 4, BinaryPrimitives.WriteInt32LittleEndian));

    public override string ToString() => $"{Code}: {Name}";
}
