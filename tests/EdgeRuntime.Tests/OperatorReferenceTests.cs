using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;
using EdgeInference.Runtime.Tests.Reference;

namespace EdgeInference.Runtime.Tests;

/// <summary>Every operator, in every type and at its edges, against a definition that shares nothing with the kernels.</summary>
public class OperatorReferenceTests
{
    public static TheoryData<string> Operators => [.. OperatorRows.Opcodes.Select(opcode => opcode.ToString())];

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_has_a_definition_and_rows_in_each_of_its_types(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        Assert.True(OperatorDefinitions.Has(opcode), $"{opcode} has no definition in OperatorDefinitions.");
        foreach (TensorType type in Enum.GetValues<TensorType>().Where(type => KernelTable.Find(opcode, type) is not null))
        {
            Assert.True(OperatorRows.Of(opcode).Any(row => row.Type == type), $"{opcode} has no row for {type}.");
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Fast_and_scalar_kernels_compute_the_definition(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        var faults = new List<string>();
        foreach (OperatorRow row in OperatorRows.Of(opcode))
        {
            double[][] expected = OperatorDefinitions.Evaluate(row);
            foreach (bool inPlace in row.WorksInPlace ? [false, true] : new[] { false })
            {
                using EdgeModel model = EdgeModel.Load(row.Model(inPlace));
                foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
                {
                    if (row.Difference(expected, Run(row, model, kernels), nano: false) is { } difference)
                    {
                        faults.Add($"{opcode} {row.Name}, {kernels}{(inPlace ? ", in place" : "")}: {difference}");
                    }
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(10)) + $"\n{faults.Count} in all");
    }

    /// <summary>Blocks of rows and the remainder behind them, each row different from its neighbours.</summary>
    [Theory]
    [MemberData(nameof(Operators))]
    public void Batches_compute_the_definition_of_each_row(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        const int Rows = 70;
        var faults = new List<string>();
        foreach (OperatorRow row in OperatorRows.Of(opcode).Where(row => row.Fed.Count() == 1 && row.Outputs.Length == 1).Where((_, i) => i % 3 == 0))
        {
            using EdgeModel model = EdgeModel.Load(row.Model());
            if (!BatchRunner.CanBatch(model))
            {
                continue;
            }

            OperatorRow turned = row.Fill(input => [.. input.Data.Reverse()]);
            double[][] first = OperatorDefinitions.Evaluate(row);
            double[][] second = OperatorDefinitions.Evaluate(turned);
            float[][] reals = [row.Fed.Single().Reals(), turned.Fed.Single().Reals()];
            float[] inputs = [.. Enumerable.Range(0, Rows).SelectMany(i => reals[i % 3 == 1 ? 1 : 0])];
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                using Session session = model.CreateSession(kernels);
                float[] outputs = new float[Rows * model.OutputLength];
                session.RunBatch(inputs, outputs, Rows);
                for (int i = 0; i < Rows; i++)
                {
                    double[] actual = row.Outputs[0].Codes(outputs.AsSpan(i * model.OutputLength, model.OutputLength));
                    if (row.Difference(i % 3 == 1 ? second : first, [actual], nano: false) is { } difference)
                    {
                        faults.Add($"{opcode} {row.Name}, {kernels}, row {i}: {difference}");
                        break;
                    }
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(10)) + $"\n{faults.Count} in all");
    }

    // Twice, the first time on other numbers: nothing may be left of them.
    private static double[][] Run(OperatorRow row, EdgeModel model, KernelSet kernels)
    {
        using Session session = model.CreateSession(kernels);
        Feed(session, row.Other());
        session.Run();
        Feed(session, row);
        session.Run();
        return [.. row.Outputs.Select((output, i) => Read(session, output.Type, i))];
    }

    private static void Feed(Session session, OperatorRow row)
    {
        int index = 0;
        foreach (Values input in row.Fed)
        {
            Span<byte> place = input.Type switch
            {
                TensorType.Float32 => MemoryMarshal.AsBytes(session.Input<float>(index)),
                TensorType.Int8 => MemoryMarshal.AsBytes(session.Input<sbyte>(index)),
                TensorType.Int16 => MemoryMarshal.AsBytes(session.Input<short>(index)),
                _ => MemoryMarshal.AsBytes(session.Input<int>(index)),
            };
            input.Bytes().CopyTo(place);
            index++;
        }
    }

    private static double[] Read(Session session, TensorType type, int index) => type switch
    {
        TensorType.Float32 => [.. session.Output<float>(index).ToArray().Select(value => (double)value)],
        TensorType.Int8 => [.. session.Output<sbyte>(index).ToArray().Select(value => (double)value)],
        TensorType.Int16 => [.. session.Output<short>(index).ToArray().Select(value => (double)value)],
        _ => [.. session.Output<int>(index).ToArray().Select(value => (double)value)],
    };
}
