using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>Runs the self-test inputs of a file and compares with the stored outputs.</summary>
public static class SelfTest
{
    // Float kernels differ in the last bits between processors; fixed point does not differ at all.
    private const float FloatTolerance = 1e-4f;

    /// <summary>Number of self-test vectors in the model, 0 if it has none.</summary>
    public static int Count(EdgeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return (int)(model.File.SectionLength(FormatLayout.SelfTestSection) / ((4L * model.InputLength) + model.File.Outputs.Sum(tensor => (long)tensor.Bytes)));
    }

    /// <summary>Runs all vectors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kernels">The kernels to test.</param>
    /// <returns>Whether every output is as stored: to the byte for integers, within 1e-4 of the largest for float32. True if the file has none.</returns>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static bool Run(EdgeModel model, KernelSet kernels = KernelSet.Fast)
    {
        int count = Count(model);
        ReadOnlySpan<byte> vectors = model.File.Bytes.Copy(model.File.SectionOffset(FormatLayout.SelfTestSection), model.File.SectionLength(FormatLayout.SelfTestSection));
        ReadOnlySpan<byte> expected = vectors[(count * 4 * model.InputLength)..];
        float[] inputs = MemoryMarshal.Cast<byte, float>(vectors[..(count * 4 * model.InputLength)]).ToArray();
        using Session session = model.CreateSession(kernels);
        float[] scratch = new float[session.OutputLength];
        bool good = true;
        for (int i = 0; i < count; i++)
        {
            session.Reset();
            session.Run(inputs.AsSpan(i * session.InputLength, session.InputLength), scratch);
            foreach (TensorInfo tensor in model.File.Outputs)
            {
                good &= Same(tensor, session.Bytes(tensor), expected[..tensor.Bytes]);
                expected = expected[tensor.Bytes..];
            }
        }

        return good;
    }

    /// <summary>The bytes of all output tensors for each input, as the writer stores them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Inputs of <see cref="EdgeModel.InputLength"/> values each.</param>
    internal static byte[] Outputs(EdgeModel model, IReadOnlyList<float[]> inputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        using Session session = model.CreateSession(KernelSet.Reference);
        float[] scratch = new float[session.OutputLength];
        using var stream = new MemoryStream();
        foreach (float[] input in inputs)
        {
            session.Reset();
            session.Run(input, scratch);
            foreach (TensorInfo tensor in model.File.Outputs)
            {
                stream.Write(session.Bytes(tensor));
            }
        }

        return stream.ToArray();
    }

    private static bool Same(TensorInfo tensor, ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        // An int8 model may end in a Dequantize: one exact multiplication, the same everywhere, so that bytes differ only
        // where an integer before it did.
        if (actual.SequenceEqual(expected))
        {
            return true;
        }

        if (tensor.Type != TensorType.Float32)
        {
            return false;
        }

        ReadOnlySpan<float> a = MemoryMarshal.Cast<byte, float>(actual);
        ReadOnlySpan<float> b = MemoryMarshal.Cast<byte, float>(expected);
        float largest = 1f;
        foreach (float value in b)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!(Math.Abs(a[i] - b[i]) <= FloatTolerance * largest) && !(float.IsNaN(a[i]) && float.IsNaN(b[i])))
            {
                return false;
            }
        }

        return true;
    }
}
