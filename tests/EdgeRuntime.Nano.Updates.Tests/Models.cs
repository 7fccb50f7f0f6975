using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Models small enough to be written by hand: y = sigmoid(weight · Σx), with self-test vectors.</summary>
internal static class Models
{
    internal const int Inputs = 3;

    /// <summary>Signs what the devices of these tests trust.</summary>
    internal static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal static byte[] Signed(ulong version, float weight = 1f) => ModelSignature.Sign(Create(weight), Key, version);

    internal static byte[] Create(float weight = 1f, int inputs = Inputs, string[]? classes = null, string[]? features = null, OutputRole role = OutputRole.Probability, bool selfTest = true, bool wrongSelfTest = false, float period = 0.02f, TensorQuantization? quantization = null)
    {
        ModelBuilder Builder()
        {
            var builder = new ModelBuilder();
            int input = builder.AddTensor(TensorType.Float32, [1, inputs], 0);
            int output = builder.AddTensor(TensorType.Float32, [1, 1], 64);
            int w = builder.AddConstant(TensorType.Float32, [1, inputs], MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(weight, inputs)]));
            int b = builder.AddConstant(TensorType.Float32, [1], MemoryMarshal.AsBytes<float>([0f]));
            int taken = input;
            if (quantization is { } scale)
            {
                taken = builder.AddTensor(TensorType.Int8, [1, inputs], 128, scale);
                builder.AddOperator(Opcode.Dequantize, [taken], [input], []);
            }

            builder.AddOperator(Opcode.Dense, [input, w, b], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
            builder.AddInput(taken);
            builder.AddOutput(output, role);
            builder.AddTextList(MetadataKey.Labels, classes ?? ["still", "moving"]);
            builder.AddTextList(MetadataKey.InputNames, features ?? [.. Enumerable.Range(0, inputs).Select(i => "x" + i)]);
            builder.AddWindow(period, 1, 1);
            return builder;
        }

        byte[] plain = Builder().Build();
        if (!selfTest)
        {
            return plain;
        }

        float[] row = [.. Enumerable.Range(1, inputs).Select(i => i * 0.25f)];
        using var model = EdgeModel.Load(plain);
        byte[] expected = Runtime.SelfTest.Outputs(model, [row]);
        expected[^2] ^= (byte)(wrongSelfTest ? 0x40 : 0);
        ModelBuilder complete = Builder();
        complete.AddSelfTest(row, expected);
        return complete.Build();
    }

    /// <summary>What a model of this weight gives for ones.</summary>
    internal static float Answer(float weight) => 1f / (1f + MathF.Exp(-weight * Inputs));

    /// <summary>What the model in use gives for ones.</summary>
    internal static float Answer(ModelUpdater updater)
    {
        ModelInstance current = updater.Current;
        current.Classifier.Classify([.. Enumerable.Repeat(1f, Inputs)]);
        return current.Classifier.Probability;
    }
}
