using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Tflite;

public class MlperfTinyTests
{
    private const int Inputs = 1000;

    // The scalar kernels take seconds for what the fast ones do in one.
    private const int ReferenceInputs = 100;

    [Theory]
    [InlineData(KernelSet.Fast)]
    [InlineData(KernelSet.Reference)]
    public void The_int8_autoencoder_gives_the_reference_bytes(KernelSet kernels)
    {
        byte[] expected = ReferenceOutputs.Bytes("ad01_int8.sha256.bin");
        int index = 0;
        RunInt8("ad01_int8.tflite", kernels, output =>
        {
            Span<byte> hash = expected.AsSpan(index * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);
            Assert.True(hash.SequenceEqual(SHA256.HashData(output)), $"input {index}");
            index++;
        });
        Assert.Equal(Count(kernels), index);
        Assert.Equal(Inputs, expected.Length / SHA256.HashSizeInBytes);
    }

    [Fact]
    public void The_float32_autoencoder_is_within_a_hundred_thousandth() => CompareFloats("ad01_fp32.tflite", "ad01_fp32.out.bin");

    [Theory]
    [InlineData(KernelSet.Fast)]
    [InlineData(KernelSet.Reference)]
    public void The_int8_keyword_spotter_gives_the_reference_bytes(KernelSet kernels)
    {
        byte[] expected = ReferenceOutputs.Bytes("kws_ref_model.out.bin");
        int position = 0;
        RunInt8("kws_ref_model.tflite", kernels, output =>
        {
            Assert.True(expected.AsSpan(position, output.Length).SequenceEqual(output), $"input {position / output.Length}");
            position += output.Length;
        });
        Assert.Equal(Count(kernels) * 12, position);
        Assert.Equal(Inputs * 12, expected.Length);
    }

    [Fact]
    public void The_float32_keyword_spotter_with_int8_weights_is_within_a_hundred_thousandth() =>
        CompareFloats("kws_ref_model_float32.tflite", "kws_ref_model_float32.out.bin");

    private static int Count(KernelSet kernels) => kernels == KernelSet.Fast ? Inputs : ReferenceInputs;

    private static void RunInt8(string name, KernelSet kernels, Action<byte[]> check)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(SharedModel.Path(name))));
        using Session session = model.CreateSession(kernels);
        var inputs = new SeededInputs(1);
        for (int i = 0; i < Count(kernels); i++)
        {
            inputs.Bytes(model.InputLength).CopyTo(MemoryMarshal.AsBytes(session.Input<sbyte>()));
            session.Run();
            check(MemoryMarshal.AsBytes(session.Output<sbyte>()).ToArray());
        }
    }

    private static void CompareFloats(string name, string outputs)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(SharedModel.Path(name))));
        using Session session = model.CreateSession();
        float[] expected = ReferenceOutputs.Floats(outputs);
        var inputs = new SeededInputs(1);
        var output = new float[model.OutputLength];
        for (int start = 0; start < expected.Length; start += output.Length)
        {
            session.Run(inputs.Floats(model.InputLength), output);
            ReadOnlySpan<float> row = expected.AsSpan(start, output.Length);
            float largest = Math.Max(Math.Abs(row.ToArray().Max()), Math.Abs(row.ToArray().Min()));
            for (int i = 0; i < output.Length; i++)
            {
                Assert.Equal(row[i], output[i], 1e-5f * largest);
            }
        }
    }
}
