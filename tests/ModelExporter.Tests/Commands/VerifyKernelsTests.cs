using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>
/// <c>edge verify</c> runs the vectors by every set of kernels: on a model whose sums cancel, so that the sets differ far beyond
/// the tolerance, vectors of one set are not reproduced by the other, which is named.
/// </summary>
public sealed class VerifyKernelsTests : IDisposable
{
    private const int Length = 64;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-verify-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(KernelSet.Fast, "with the reference kernels")]
    [InlineData(KernelSet.Reference, "with the fast kernels")]
    public void Vectors_that_one_set_of_kernels_does_not_reproduce_are_refused(KernelSet made, string sentence)
    {
        byte[] bare = Model(null);
        float[] fast = Run(bare, KernelSet.Fast);
        float[] reference = Run(bare, KernelSet.Reference);
        Assert.True(fast.Zip(reference).Max(pair => Math.Abs(pair.First - pair.Second)) > 1, $"{fast[0]} {reference[0]}: the kernels add in the same order, so that this test needs another model");
        string path = Path.Combine(folder, "m.edge");
        File.WriteAllBytes(path, Model(made == KernelSet.Fast ? fast : reference));
        (int exitCode, string error) = CommandLine.Run(out _, "verify", path);
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    private static float[] Run(byte[] file, KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(kernels);
        float[] output = new float[session.OutputLength];
        session.Run(Ones(), output);
        return output;
    }

    private static float[] Ones() => [.. Enumerable.Repeat(1f, Length)];

    // 1e8 + 1 − 1e8 is 0 in one order and 1 in another.
    private static byte[] Model(float[]? vectors)
    {
        const int Units = 3;
        float[] weights = [.. Enumerable.Range(0, Units).SelectMany(unit => Enumerable.Range(0, Length).Select(i => i == unit ? 1e8f : i == Length - 1 - unit ? -1e8f : 3f))];
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, Length], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, Units], 4 * Length);
        int constant = builder.AddConstant(TensorType.Float32, [Units, Length], MemoryMarshal.AsBytes<float>(weights));
        builder.AddOperator(Opcode.Dense, [input, constant], [output], [(int)ActivationKind.Linear, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Value);
        if (vectors is not null)
        {
            builder.AddSelfTest(Ones(), MemoryMarshal.AsBytes<float>(vectors));
        }

        return builder.Build();
    }
}
