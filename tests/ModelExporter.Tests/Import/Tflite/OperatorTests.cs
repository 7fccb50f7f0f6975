using System.IO.Compression;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Tflite;

public class OperatorTests
{
    public static TheoryData<string> Names => [.. OperatorCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operator_gives_what_the_reference_kernels_give(string name)
    {
        OperatorCase one = OperatorCases.All.Single(candidate => candidate.Name == name);
        byte[] expected = Expected(name);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(one.Model, name + ".tflite")));
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            using Session session = model.CreateSession(kernels);
            var seeds = new SeededInputs(1);
            int position = 0;
            for (int record = 0; record < one.Records; record++)
            {
                Fill(session, seeds);
                session.Run();
                for (int i = 0; i < model.File.Outputs.Length; i++)
                {
                    TensorInfo output = model.File.Outputs[i];
                    int bytes = one.GivesInt32 ? output.Elements * sizeof(int) : output.Bytes;
                    byte[] wanted = one.GivesInt32 ? FromInt32(expected.AsSpan(position, bytes), output.Type) : expected[position..(position + bytes)];
                    Compare(wanted, Bytes(session, i), output.Type, $"{kernels}, record {record}");
                    position += bytes;
                }

                if (!one.KeepsState)
                {
                    session.Reset();
                }
            }

            Assert.Equal(expected.Length, position);
        }
    }

    [Fact]
    public void Names_are_unique() => Assert.Equal(OperatorCases.All.Count, OperatorCases.All.Select(one => one.Name).Distinct().Count());

    internal static void Fill(Session session, SeededInputs seeds)
    {
        for (int i = 0; i < session.Model.File.Inputs.Length; i++)
        {
            TensorInfo tensor = session.Model.File.Inputs[i];
            switch (tensor.Type)
            {
                case TensorType.Float32:
                    seeds.Floats(tensor.Elements).CopyTo(session.Input<float>(i));
                    break;
                case TensorType.Int8:
                    seeds.Bytes(tensor.Bytes).CopyTo(MemoryMarshal.AsBytes(session.Input<sbyte>(i)));
                    break;
                case TensorType.Int16:
                    seeds.Bytes(tensor.Bytes).CopyTo(MemoryMarshal.AsBytes(session.Input<short>(i)));
                    break;
                default:
                    throw new InvalidOperationException($"No seeded inputs for {tensor.Type}.");
            }
        }
    }

    private static byte[] FromInt32(ReadOnlySpan<byte> bytes, TensorType type)
    {
        int[] values = MemoryMarshal.Cast<byte, int>(bytes).ToArray();
        return type == TensorType.Float32
            ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value)).ToArray()
            : MemoryMarshal.AsBytes<short>(Array.ConvertAll(values, value => checked((short)value))).ToArray();
    }

    private static ReadOnlySpan<byte> Bytes(Session session, int output) => session.Model.File.Outputs[output].Type switch
    {
        TensorType.Float32 => MemoryMarshal.AsBytes(session.Output<float>(output)),
        TensorType.Int8 => MemoryMarshal.AsBytes(session.Output<sbyte>(output)),
        TensorType.Int16 => MemoryMarshal.AsBytes(session.Output<short>(output)),
        _ => MemoryMarshal.AsBytes(session.Output<int>(output)),
    };

    private static void Compare(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, TensorType type, string place)
    {
        if (type != TensorType.Float32)
        {
            Assert.True(expected.SequenceEqual(actual), $"{place}: {Convert.ToHexString(expected)} expected, {Convert.ToHexString(actual)} given");
            return;
        }

        ReadOnlySpan<float> left = MemoryMarshal.Cast<byte, float>(expected);
        ReadOnlySpan<float> right = MemoryMarshal.Cast<byte, float>(actual);
        float largest = 0;
        foreach (float value in left)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        for (int i = 0; i < left.Length; i++)
        {
            Assert.True(Math.Abs(left[i] - right[i]) <= 1e-5f * largest, $"{place}, element {i}: {left[i]} expected, {right[i]} given");
        }
    }

    // One archive holds the outputs of all cases, an entry under the name of each.
    private static byte[] Expected(string name)
    {
        using var archive = new ZipArchive(new MemoryStream(ReferenceOutputs.Bytes("operators.zip")));
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new InvalidOperationException($"operators.zip has no entry '{name}'.");
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
