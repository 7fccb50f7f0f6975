extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference;
using Engine = nano::EdgeInference.Nano;
using NanoOpcode = nano::EdgeInference.ModelFormat.Opcode;
using NanoTable = nano::EdgeInference.Nano.Kernels.KernelTable;
using NanoType = nano::EdgeInference.ModelFormat.TensorType;

namespace EdgeInference.Nano.Tests.Kernels;

/// <summary>Every operator of this engine, in every type and at its edges, against the definitions that share nothing with its kernels.</summary>
public class OperatorReferenceTests
{
    public static TheoryData<string> Operators => [.. OperatorRows.Opcodes.Select(opcode => opcode.ToString())];

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_has_rows_in_each_type_that_this_engine_takes(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        foreach (TensorType type in Enum.GetValues<TensorType>().Where(type => type != TensorType.Int64 && NanoTable.Has((NanoOpcode)opcode, (NanoType)type)))
        {
            Assert.True(OperatorRows.Of(opcode).Any(row => row.Type == type), $"{opcode} has no row for {type}.");
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Kernels_compute_the_definition_with_weights_packed_in_place_and_in_chunks(string opcodeName)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        var faults = new List<string>();
        foreach (OperatorRow row in OperatorRows.Of(opcode))
        {
            byte[] file = row.Model();
            double[][] expected = OperatorDefinitions.Evaluate(row);
            foreach ((string how, Engine.NanoSession session) in Sessions(file, row))
            {
                if (row.Difference(expected, Run(row, session), nano: true) is { } difference)
                {
                    faults.Add($"{opcode} {row.Name}, {how}: {difference}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(10)) + $"\n{faults.Count} in all");
    }

    private static IEnumerable<(string How, Engine.NanoSession Session)> Sessions(byte[] file, OperatorRow row)
    {
        Engine.NanoModel model = Engine.NanoModel.Load(file);
        yield return ("packed", new Engine.NanoSession(model));
        yield return ("weights in place", new Engine.NanoSession(model, packWeights: false));
        if (row.WorksInPlace)
        {
            yield return ("output in place", new Engine.NanoSession(Engine.NanoModel.Load(row.Model(inPlace: true))));
        }

        if (NanoTable.HasChunked((NanoOpcode)row.Opcode, (NanoType)row.Type))
        {
            Engine.NanoModel chunks = Engine.NanoModel.Load((offset, count) => file[offset..(offset + count)], file.Length, 64);
            yield return ("in chunks", new Engine.NanoSession(chunks));
        }
    }

    // Twice, the first time on other numbers: nothing may be left of them.
    private static double[][] Run(OperatorRow row, Engine.NanoSession session)
    {
        float[] output = new float[session.OutputLength];
        if (row.Fed.Any())
        {
            session.Run([.. row.Other().Fed.SelectMany(input => input.Reals())], output);
        }

        session.Run(row.Fed.Any() ? [.. row.Fed.SelectMany(input => input.Reals())] : [0f], output);
        int at = 0;
        return [.. row.Outputs.Select(tensor =>
        {
            double[] codes = tensor.Codes(output.AsSpan(at, tensor.Elements));
            at += tensor.Elements;
            return codes;
        })];
    }
}
