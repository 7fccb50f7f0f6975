using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>Models small enough to be written by hand, with self-test vectors.</summary>
internal static class TestModels
{
    /// <summary>y = sigmoid(weight · Σx + bias) for one output; for more, softmax over the same sum times the class's number.</summary>
    internal static byte[] Create(int inputs = 1, float weight = 1f, float bias = 0f, int outputs = 1, bool selfTest = true, bool wrongSelfTest = false, float[]? bands = null)
    {
        Action<ModelBuilder>? more = bands is null ? null : builder => builder.AddFloats(MetadataKey.AbstainBand, bands);
        byte[] plain = Build(inputs, weight, bias, outputs, [], more);
        if (!selfTest)
        {
            return plain;
        }

        using var model = EdgeModel.Load(plain);
        byte[] expected = SelfTest.Outputs(model, [new float[inputs]]);
        expected[^2] ^= (byte)(wrongSelfTest ? 0x40 : 0);
        return Build(inputs, weight, bias, outputs, expected, more);
    }

    /// <summary>y = sigmoid of the sum of all inputs since the last reset.</summary>
    internal static byte[] Summing()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int sum = builder.AddTensor(TensorType.Float32, [1, 1], 64, storage: TensorStorage.State);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 128);
        builder.AddOperator(Opcode.Add, [input, sum], [sum], [0, 0, 0, 0, 0, 0, 0, 0]);
        int w = builder.AddConstant(TensorType.Float32, [1, 1], MemoryMarshal.AsBytes<float>([1f]));
        int b = builder.AddConstant(TensorType.Float32, [1], MemoryMarshal.AsBytes<float>([0f]));
        builder.AddOperator(Opcode.Dense, [sum, w, b], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        return builder.Build();
    }

    /// <summary>A model that was trained on values around one, and says so.</summary>
    internal static byte[] WithStatistics(float mean)
    {
        Action<ModelBuilder> statistics = builder => builder.AddFloats(MetadataKey.InputStatistics, [mean, 1f, mean - 1f, mean + 1f]);
        using var model = EdgeModel.Load(Build(1, 1f, 0f, 1, [], statistics));
        return Build(1, 1f, 0f, 1, SelfTest.Outputs(model, [new float[1]]), statistics);
    }

    /// <summary>A model that says how far its value reached in its training rows, in the bytes of record 138, and has no score.</summary>
    internal static byte[] WithTrainingRows(byte[] record, params string[] categories)
    {
        Action<ModelBuilder> statistics = builder =>
        {
            if (categories.Length > 0)
            {
                builder.AddBytes((MetadataKey)136, [0, 0, (byte)categories.Length, 0, .. categories.SelectMany(text => (byte[])[(byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)])]);
            }

            builder.AddBytes((MetadataKey)138, record);
        };
        using var model = EdgeModel.Load(Build(1, 1f, 0f, 1, [], statistics));
        return Build(1, 1f, 0f, 1, SelfTest.Outputs(model, [new float[1]]), statistics);
    }

    /// <summary>Record 138 of a number: none missing, a mean, a deviation, and how many deviations the smallest and the largest lie from the mean.</summary>
    internal static byte[] TrainingRow(float mean, float deviation, float below, float above) =>
        [0, .. BitConverter.GetBytes(mean), .. BitConverter.GetBytes(deviation)[2..], .. BitConverter.GetBytes(below)[2..], .. BitConverter.GetBytes(above)[2..]];

    /// <summary>A model whose probability is nearly 1 above the limit and nearly 0 below.</summary>
    internal static byte[] Above(float limit, float steepness = 1f) => Create(1, steepness, -limit * steepness);

    internal static byte[] Signed(ECDsa key, ulong version, float weight = 1f, int inputs = 1) => ModelSignature.Sign(Create(inputs, weight), key, version);

    /// <summary>A signed model with texts for its classes and its feature.</summary>
    internal static byte[] Named(ECDsa key, ulong version, string[] classes, string feature, OutputRole role = OutputRole.Probability)
    {
        using var model = EdgeModel.Load(Build(1, 1f, 0f, 1, []));
        return ModelSignature.Sign(Build(1, 1f, 0f, 1, SelfTest.Outputs(model, [new float[1]]), builder =>
        {
            builder.AddTextList(MetadataKey.Labels, classes);
            builder.AddTextList(MetadataKey.InputNames, [feature]);
        }, role), key, version);
    }

    /// <summary>A model with texts for its classes and its features.</summary>
    internal static byte[] Described(string[] classes, string[] features, int outputs = 1, float weight = 1f, float bias = 0f, int samples = 1, Action<ModelBuilder>? more = null) =>
        Build(features.Length * samples, weight, bias, outputs, [], builder =>
        {
            if (classes.Length > 0)
            {
                builder.AddTextList(MetadataKey.Labels, classes);
            }

            builder.AddTextList(MetadataKey.InputNames, features);
            more?.Invoke(builder);
        });

    private static byte[] Build(int inputs, float weight, float bias, int outputs, byte[] selfTestOutputs, Action<ModelBuilder>? more = null, OutputRole role = OutputRole.Probability)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, inputs], 0);
        int offset = 64 * (((inputs * 4) + 63) / 64);
        int output = builder.AddTensor(TensorType.Float32, [1, outputs], offset);
        float[] weights = [.. Enumerable.Range(0, outputs * inputs).Select(i => weight * (outputs == 1 ? 1 : i / inputs))];
        float[] biases = [.. Enumerable.Repeat(bias, outputs)];
        int w = builder.AddConstant(TensorType.Float32, [outputs, inputs], MemoryMarshal.AsBytes<float>(weights));
        int b = builder.AddConstant(TensorType.Float32, [outputs], MemoryMarshal.AsBytes<float>(biases));
        ActivationKind activation = outputs == 1 ? ActivationKind.Sigmoid : ActivationKind.Linear;
        builder.AddOperator(Opcode.Dense, [input, w, b], [output], [(int)activation, 0, 0, 0, 0, 0]);
        int last = output;
        if (outputs > 1)
        {
            last = builder.AddTensor(TensorType.Float32, [1, outputs], offset + 64);
            builder.AddOperator(Opcode.Softmax, [output], [last], [.. OneBeta()]);
        }

        builder.AddInput(input);
        builder.AddOutput(last, role);
        if (selfTestOutputs.Length > 0)
        {
            builder.AddSelfTest(new float[inputs], selfTestOutputs);
        }

        more?.Invoke(builder);
        return builder.Build();
    }

    private static IEnumerable<int> OneBeta()
    {
        string[] names = OperatorTable.Find((int)Opcode.Softmax).Parameters;
        return names.Select(name => name.StartsWith("beta", StringComparison.Ordinal) ? BitConverter.SingleToInt32Bits(1f) : 0);
    }
}
